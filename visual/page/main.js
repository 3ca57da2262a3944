// The page: a run is played back from what the browser has, while the server simulates ahead.
import { byId, element, roundDollars, say, setText, showPlaying, spokenDate } from "./words.js";
import { Wire } from "./wire.js";
import { Track } from "./track.js";
import { Circle } from "./circle.js";
import { Dots } from "./dots.js";
import { Lines } from "./lines.js";
import { flowOf, flowsShown, showBelief, showDifference, showEvents, showFan, showNet, showTold, showWhoPaid } from "./panels.js";
import { announcement, bindKeys, buildBets, buildChoices, buildSliders, fill, lead, showBets } from "./actions.js";
import { Tables } from "./tables.js";
import { download, linkOf, picture, recipeOfLink, save, savePng, storedRun } from "./share.js";

const SPEEDS = [[5, "1 week/s"], [10, "2 weeks/s"], [21, "1 month/s"], [63, "1 quarter/s"], [126, "½ year/s"], [252, "1 year/s"]];
export const state = { track: null, ghost: null, recipe: {}, undo: [], run: 0, day: 0, exact: 0, isPlaying: false, speed: 2, flow: "", rule: 0, guess: null, isBetting: false, fan: [], sent: -1, pinned: null, filling: -1 };
const isReplay = Boolean(byId("stored"));
const isStill = matchMedia("(prefers-reduced-motion: reduce)");
const circle = new Circle(byId("circle"), (firm) => lead("say-firm", firm, "say", isStill.matches), (place) => cutSource(place));
const dots = new Dots(byId("dots"));
const lines = new Lines(byId("lines"), byId("legend"), (day) => { pause(); seek(day); });
const wire = new Wire(heard, opened, () => say("The server does not answer; what has been simulated plays on."));
const tables = new Tables((sets) => again({ ...state.recipe, sets: [...(state.recipe.sets || []), ...sets], turns: [] }));
let drawnAt = "", lastTime = 0, isDirty = true;

// --- the run

function begin(recipe, after = -1) {
  Object.assign(state, { run: state.run + 1, filling: -1, recipe, after, fan: [] });
  location.hash = linkOf(recipe);
  wire.ask({ do: "play", run: state.run, recipe, after });
}

function opened() {
  say("");
  wire.ask({ do: "hello" });
  if (state.track && !state.track.isOver) wire.ask({ do: "play", run: (state.run += 1), recipe: state.recipe, after: (state.after = state.track.last) });
  else fillGhost();
}

function heard(said) {
  if (said.welcome) {
    fill(byId("scenario"), said.welcome.scenarios, false);
    if (!state.track) {
      const shared = recipeOfLink();
      begin(shared || said.welcome.start);
    }
    return;
  }
  if (said.refused) { say(`Refused: ${said.refused}`); return; }
  if (said.run === state.filling) { ghostCame(said); return; }
  if (said.run !== state.run) return;
  if (said.waiting) say(said.waiting === "compiling" ? "Compiling the market’s kernels, once: about a minute." : "Starting the simulation.");
  if (said.tables) tables.show(said.tables);
  if (said.head) headCame(said.head);
  if (said.play) framesCame(said.play);
  if (said.fan) { state.fan.push(...said.fan); showFan(state.track, state.fan); isDirty = true; drawnAt = ""; }
  if (said.over === "play") { state.track.isOver = true; fillGhost(); if (state.guess) placed(state.guess); }
  if (said.failed) {
    if (state.track && state.track.run === said.run) state.track.failed = said.failed;
    else if (state.undo.length) undo(true);
    say(said.failed);
    drawnAt = "";
  }
}

// The run one compares with is simulated to its end once the run itself has been.
function fillGhost() {
  const { ghost, track } = state;
  if (!ghost || ghost.isOver || !track?.isOver) return;
  state.filling = state.run += 1;
  wire.ask({ do: "play", run: state.filling, recipe: ghost.recipe, after: ghost.last });
}

function ghostCame(said) {
  for (const told of said.play || []) state.ghost?.add(told);
  if (said.over && state.ghost) state.ghost.isOver = true;
  isDirty = true;
}

function headCame(head) {
  const old = state.track, isBranch = state.after >= 0 && old;
  const track = new Track(head);
  track.run = track.number = state.run;
  track.recipe = state.recipe;
  if (isBranch) track.beginAs(old, state.after);
  state.track = track;
  if (!isBranch) { state.ghost = state.pinned; seek(0); circle.most = 0; state.isPlaying = state.wantsPlay ?? !isStill.matches; playShown(); }
  circle.shape = "";
  dots.clear();
  say("");
  document.title = `Carousel: ${head.scenario}, seed ${head.seed}`;
  if (!state.recipe.text) byId("scenario").value = state.recipe.scenario || head.scenario;
  byId("seed").value = head.seed;
  byId("title").textContent = head.title;
  const flows = flowsShown(track);
  byId("flow").replaceChildren(...flows.map((flow) => element("option", { value: flow.name }, flow.title)));
  if (!flows.some((flow) => flow.name === state.flow)) state.flow = "";
  byId("seek").max = head.days;
  byId("stop").disabled = isReplay || !head.stoppable.length;
  if (document.activeElement !== byId("text")) byId("text").value = state.recipe.text || `extends = "${head.scenario}"\nname = "mine"\n`;
  buildChoices(head);
  build();
  if (!isBranch) askTables();
}

function build() {
  const { head } = state.track;
  byId("command").textContent = `${head.command}${head.recipe_toml ? `\n\n# changed.toml\n${head.recipe_toml}` : ""}`;
  buildSliders(head, state.recipe, (name, value) => turn({ moved: { [name]: value } }));
  byId("undo").disabled = !state.undo.length;
  drawnAt = "";
  isDirty = true;
}

function askTables() {
  if (byId("edit").open && !isReplay) wire.ask({ do: "tables", run: state.run, recipe: { ...state.recipe, turns: [] } });
}

function framesCame(frames) {
  for (const told of frames) state.track.add(told);
  isDirty = true;
}

// A change takes force on the day after the one that is shown: the days before stay what they were.
function turn(change) {
  const { track } = state;
  if (!track || isReplay || state.day >= track.head.days) { say(isReplay ? "A replay plays what was recorded." : "The run is over; go back to a day before its end."); return; }
  pause();
  state.undo.push({ recipe: state.recipe, track, ghost: state.ghost, day: state.day });
  state.ghost = track;
  state.wantsPlay = false;
  byId("difference").parentElement.scrollTop = 0;
  begin({ ...state.recipe, turns: [...(state.recipe.turns || []), { day: state.day + 1, ...change }] }, state.day);
}

function undo(isQuiet = false) {
  const before = state.undo.pop();
  if (!before) return;
  Object.assign(state, { recipe: before.recipe, track: before.track, ghost: before.ghost, filling: -1 });
  state.run += 1;
  wire.ask({ do: "stop", run: state.run });
  circle.shape = "";
  if (!isQuiet) location.hash = linkOf(state.recipe);
  if (!before.track.isOver) wire.ask({ do: "play", run: state.run, recipe: state.recipe, after: (state.after = before.track.last) });
  build();
}

// --- time

function seek(day) {
  if (!state.track) return;
  state.exact = state.day = Math.max(0, Math.min(state.track.last < 0 ? 0 : state.track.last, Math.round(day)));
  state.sent = state.day;
  dots.clear();
  isDirty = true;
}

function pause() {
  state.isPlaying = false;
  playShown();
}

function playShown() {
  showPlaying(state.isPlaying);
}

function toggle() {
  if (!state.track) return;
  if (!state.isPlaying && state.day >= state.track.head.days) seek(0);
  state.wantsPlay = state.isPlaying = !state.isPlaying;
  playShown();
}

function tick(time) {
  const seconds = Math.min(0.25, (time - lastTime) / 1000);
  lastTime = time;
  const { track } = state;
  if (track && track.last >= 0) {
    if (state.isPlaying) {
      state.exact = Math.min(track.last, state.exact + seconds * SPEEDS[state.speed][0]);
      const day = Math.floor(state.exact);
      for (let d = state.sent + 1; d <= day; d += 1) if (!isStill.matches) dots.send(track, d, circle.ribbons, state.rule, SPEEDS[state.speed][0]);
      state.sent = Math.max(state.sent, day);
      if (day !== state.day) { state.day = day; isDirty = true; }
      if (track.isOver && state.day >= track.head.days) pause();
    }
    if (isDirty) show();
    circle.ease(isStill.matches ? 1 : 1 - Math.exp(-seconds * 6));
    if (!isStill.matches) dots.draw(state.isPlaying || dots.dots.length ? seconds : 0, circle.ribbons);
  }
  requestAnimationFrame(tick);
}

// --- what is shown

function show() {
  isDirty = false;
  const { track, ghost, day } = state, room = byId("stage").getBoundingClientRect(), below = byId("below").getBoundingClientRect();
  if (circle.layout(track, Math.round(room.width), Math.round(room.height))) dots.resize(room.width, room.height);
  circle.show(track, day);
  setText(byId("date"), spokenDate(track.head.dates[day]));
  setText(byId("day"), `Day ${day} of ${track.head.days}`);
  byId("seek").value = day;
  byId("seek").setAttribute("aria-valuetext", track.head.dates[day]);
  const key = `${track.number}/${day}/${track.last}/${state.rule}/${state.flow}/${state.isBetting}/${ghost?.number}/${ghost?.last}/${Math.round(below.width)}/${state.fan.length}`;
  if (key === drawnAt) return;
  drawnAt = key;
  showTold(track, day);
  showWhoPaid(track, day, state.flow, state.rule, state.isBetting);
  showNet(track, day);
  showBelief(track, day);
  showEvents(track, day, (to) => { pause(); seek(to); });
  showDifference(track, ghost, day);
  lines.draw(track, day, ghost, state.fan, Math.round(below.width), Math.round(below.height));
  setText(byId("worth"), dots.worth ? `One dot is ${roundDollars(dots.worth)}, in the colour of whose money it was; outlined: been round before` : "Ribbons are as wide as the money of the last quarter; hollow: promised");
}

function cutSource(place) {
  const name = state.track.head.places[place]?.name;
  const known = state.track.head.stoppable;
  lead("stop-who", known.includes(name) ? name : known[0], "stop", isStill.matches);
}

function placed(guess) {
  state.guess = guess;
  state.isBetting = false;
  const flow = flowOf(state.track, state.track.last, state.flow, state.rule);
  if (state.track.isOver) showBets(state.track, flow, state.rule, guess);
  else byId("bets").replaceChildren(element("p", {}, "Placed. It is told when the run has been simulated to its end."));
  isDirty = true;
}

function restart() {
  const scenario = byId("scenario").value, seed = Number(byId("seed").value) || 0, { recipe } = state;
  again(recipe.scenario === scenario ? { ...recipe, seed, turns: [] } : { scenario, seed, tracing: recipe.tracing || "pro-rata" });
}

function runText() {
  const { seed, tracing } = state.recipe;
  again({ text: byId("text").value, seed, tracing });
}

// Another run, from its first day.
function again(recipe) {
  Object.assign(state, { undo: [], wantsPlay: undefined });
  begin(recipe);
}

function pin() {
  state.pinned = state.pinned ? null : state.track;
  state.ghost = state.pinned === state.track ? null : state.pinned;
  byId("pin").setAttribute("aria-pressed", String(Boolean(state.pinned)));
  setText(byId("pin"), state.pinned ? "Compare with it no more" : "Keep this run to compare with");
  drawnAt = "";
  isDirty = true;
}

// --- hands

byId("play").addEventListener("click", toggle);
byId("step").addEventListener("click", () => { pause(); seek(state.day + 1); });
byId("speed").addEventListener("input", () => { state.speed = Number(byId("speed").value); setText(byId("speed-told"), SPEEDS[state.speed][1]); byId("speed").setAttribute("aria-valuetext", SPEEDS[state.speed][1]); });
byId("seek").addEventListener("input", () => { pause(); seek(Number(byId("seek").value)); });
byId("flow").addEventListener("change", () => { state.flow = byId("flow").value; isDirty = true; });
for (const input of document.querySelectorAll("input[name=rule]")) input.addEventListener("change", () => { state.rule = Number(input.value); isDirty = true; });
for (const id of ["scenario", "seed"]) byId(id).addEventListener("change", restart);
byId("edit").addEventListener("toggle", askTables);
byId("text-run").addEventListener("click", runText);
byId("pin").addEventListener("click", pin);
byId("stop").addEventListener("click", () => turn({ stop: byId("stop-who").value }));
byId("say").addEventListener("click", () => turn({ announce: announcement() }));
byId("undo").addEventListener("click", () => undo());
byId("bet").addEventListener("click", () => { state.isBetting = true; state.guess = null; buildBets(state.track, placed); isDirty = true; });
byId("worlds").addEventListener("click", () => { state.fan = []; wire.ask({ do: "fan", run: state.run, recipe: state.recipe, worlds: Number(byId("worlds-many").value) }); setText(byId("worlds-told"), "Simulating other worlds …"); });
byId("share").addEventListener("click", async () => { try { await navigator.clipboard.writeText(location.href); say("The link is in the clipboard."); } catch { say(`The link: ${location.href}`); } });
byId("save-svg").addEventListener("click", () => save("carousel.svg", picture(state.track, state.day), "image/svg+xml"));
byId("save-png").addEventListener("click", () => savePng(picture(state.track, state.day), "carousel.png"));
for (const [id, path] of [["save-run", "run.zip"], ["save-page", "replay.html"]]) byId(id).addEventListener("click", () => download(path, state.recipe, state.track.head, say));
bindKeys(toggle, (days) => { if (state.track) { pause(); seek(state.day + days); } }, (end) => seek(end ? state.track?.last ?? 0 : 0));
addEventListener("hashchange", () => {
  const recipe = recipeOfLink();
  if (!isReplay && recipe && linkOf(recipe) !== linkOf(state.recipe)) { state.undo = []; begin(recipe); }
});
const sizes = new ResizeObserver(() => { isDirty = true; drawnAt = ""; });
for (const id of ["stage", "below"]) sizes.observe(byId(id));

async function replay() {
  const { head, frames } = await storedRun(byId("stored"));
  state.recipe = { scenario: head.scenario, seed: head.seed };
  document.body.classList.add("replay");
  fill(byId("scenario"), [head.scenario], false);
  for (const id of ["scenario", "seed", "stop", "say", "worlds", "save-run", "save-page", "share", "pin", "text", "text-run", "tables-kind"]) byId(id).disabled = true;
  headCame(head);
  framesCame(frames);
  state.track.isOver = true;
  say("");
}

if (isReplay) replay();
else wire.connect();
requestAnimationFrame(tick);
