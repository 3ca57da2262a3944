// The page: a run is played back from what the browser has, while the server simulates ahead.
import { byId, fill, roundDollars, say, setText, showPlaying, spokenDate } from "./words.js";
import { Circle } from "./circle.js";
import { Dots } from "./dots.js";
import { Lines } from "./lines.js";
import { flowOf, showBelief, showDifference, showEvents, showFan, showNet, showTold, showWhoPaid } from "./panels.js";
import { announcement, asked, bindKeys, buildBets, lead, showBets, showSliders, showRun, showTurns } from "./actions.js";
import { Tables } from "./tables.js";
import { download, linkOf, picture, save, savePng, storedRun } from "./share.js";
import { Track } from "./track.js";
import { Session, state } from "./session.js";

const SPEEDS = [[5, "1 week/s"], [10, "2 weeks/s"], [21, "1 month/s"], [63, "1 quarter/s"], [126, "½ year/s"], [252, "1 year/s"]];
const isReplay = Boolean(byId("stored"));
const isStill = matchMedia("(prefers-reduced-motion: reduce)");
const session = new Session({ began, changed: build, told, ended, fanned, tabled: (rows) => tables.show(rows), paused: pause }, isReplay);
const circle = new Circle(byId("circle"), (firm) => leadTo("say-firm", firm, "say"), cutSource);
const dots = new Dots(byId("dots"));
const lines = new Lines(byId("lines"), byId("legend"), (day) => { pause(); seek(day); });
const tables = new Tables((changed) => {
  const kept = (state.recipe.sets || []).filter((said) => !changed.has(said.split("=")[0]));
  session.again({ ...state.recipe, sets: [...kept, ...[...changed].map(([path, value]) => `${path}=${value}`)] });
});
let drawnAt = "", lastTime = 0, isDirty = true;

// --- what has come

// Another run is shown: a branch at the day that was shown, others from their first.
function began(isBranch) {
  const { track } = state, goal = state.goal ?? (isBranch ? state.day : null);
  circle.shape = "";
  if (isBranch) seek(Math.min(state.day, track.last));
  else {
    seek(0);
    circle.most = 0;
    state.isPlaying = state.wantsPlay ?? !isStill.matches;
    showPlaying(state.isPlaying);
  }
  state.goal = goal !== null && goal > track.last ? goal : null;
  build();
  if (!isBranch) askTables();
}

// All but what changes from day to day.
function build() {
  drawnAt = "";
  isDirty = true;
  if (!state.track) return;
  showRun(state.track, isReplay, (name, value) => session.turn({ moved: { [name]: value } }));
  if (!state.track.head.flows.some((flow) => flow.name === state.flow)) state.flow = "";
  showTurns(state.track, isReplay ? null : (number) => session.takeBack(number));
  byId("undo").disabled = !state.undo.length;
  byId("pin").setAttribute("aria-pressed", String(Boolean(state.pinned)));
  setText(byId("pin"), state.pinned ? "Compare with it no more" : "Keep this run to compare with");
}

function told() {
  isDirty = true;
  if (state.goal !== null && state.track.last >= state.goal) seek(state.goal);
}

function ended() {
  if (state.goal !== null) seek(state.goal);
  if (state.guess) placed(state.guess);
}

function fanned() {
  showFan(state.track, state.fan);
  drawnAt = "";
  isDirty = true;
}

function askTables() {
  if (byId("edit").open && !isReplay && state.track) session.tables();
}

// --- time

function seek(day) {
  if (!state.track) return;
  state.exact = state.day = Math.max(0, Math.min(Math.max(0, state.track.last), Math.round(day)));
  state.sent = state.day;
  state.goal = null;
  dots.clear();
  isDirty = true;
}

function pause() {
  state.isPlaying = false;
  showPlaying(state.isPlaying);
}

function toggle() {
  const { track } = state;
  if (!track) return;
  if (!state.isPlaying && track.isOver && state.day >= track.last) seek(0);
  state.wantsPlay = state.isPlaying = !state.isPlaying;
  state.goal = null;
  showPlaying(state.isPlaying);
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
      if (track.isOver && state.day >= track.last) pause();
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
  showSliders(track, day);
  showWhoPaid(track, day, state.flow, state.rule, state.isBetting);
  showNet(track, day);
  showBelief(track, day);
  showEvents(track, day, (to) => { pause(); seek(to); });
  showDifference(track, ghost, day);
  lines.draw(track, day, ghost, state.fan, Math.round(below.width), Math.round(below.height));
  setText(byId("worth"), dots.worth ? `One dot is ${roundDollars(dots.worth)}, in the colour of whose money it was; outlined: been round before` : "Ribbons are as wide as the money of the last quarter; hollow: promised");
}

// --- what one does

function leadTo(id, value, button) {
  if (isReplay) say("A replay plays what was recorded.");
  else lead(id, value, button, isStill.matches);
}

function cutSource(place) {
  const name = state.track.head.places[place]?.name, known = state.track.head.stoppable;
  leadTo("stop-who", known.includes(name) ? name : known[0], "stop");
}

function placed(guess) {
  state.guess = guess;
  state.isBetting = false;
  if (state.track.isOver) showBets(state.track, flowOf(state.track, state.track.last, state.flow, state.rule), state.rule, guess);
  else setText(byId("bets"), "Placed. It is told when the run has been simulated to its end.");
  isDirty = true;
}

function restart() {
  const seed = asked("seed");
  if (seed === null) { byId("seed").value = state.track?.head.seed ?? 0; return; }
  const [chosen] = byId("scenario").selectedOptions, { recipe } = state, scenario = chosen?.value || recipe.scenario;
  const isSame = recipe.text ? chosen?.dataset.edited : (recipe.scenario || state.track?.head.scenario) === scenario;
  session.again(isSame ? { ...recipe, seed } : { scenario, seed, tracing: recipe.tracing || "pro-rata" });
}

function runText() {
  const { seed, tracing } = state.recipe;
  session.again({ text: byId("text").value, seed, tracing });
}

function simulateWorlds() {
  const worlds = asked("worlds-many");
  if (worlds !== null && state.track) session.fan(Number(worlds));
}

async function share() {
  const { recipe, day, flow, rule, ghost } = state;
  const link = `${location.href.split("#")[0]}#${linkOf(recipe, { day, flow, rule, against: ghost ? JSON.stringify(ghost.recipe) : "" })}`;
  try {
    await navigator.clipboard.writeText(link);
    say("The link is in the clipboard: this run, this day, what it is compared with. It opens wherever `serve` runs under this address.");
  } catch {
    say(`The link: ${link}`);
  }
}

// --- hands

const bound = {
  play: toggle,
  step: () => { pause(); seek(state.day + 1); },
  stop: () => session.turn({ stop: byId("stop-who").value }),
  say: () => { const announce = announcement(); if (announce) session.turn({ announce }); },
  undo: () => session.undo(),
  pin: () => session.pin(),
  "text-run": runText,
  worlds: simulateWorlds,
  bet: () => { if (!state.track) return; state.isBetting = true; state.guess = null; buildBets(state.track, placed); isDirty = true; },
  share,
  "save-svg": () => save("carousel.svg", picture(state.track, state.day), "image/svg+xml"),
  "save-png": () => savePng(picture(state.track, state.day), "carousel.png"),
  "save-run": () => download("run.zip", state.track.recipe, state.track.head, say),
  "save-page": () => download("replay.html", state.track.recipe, state.track.head, say),
};
for (const [id, act] of Object.entries(bound)) byId(id).addEventListener("click", () => { if (state.track || id === "text-run") act(); });
byId("speed").addEventListener("input", () => { state.speed = Number(byId("speed").value); setText(byId("speed-told"), SPEEDS[state.speed][1]); byId("speed").setAttribute("aria-valuetext", SPEEDS[state.speed][1]); });
byId("seek").addEventListener("input", () => { pause(); seek(Number(byId("seek").value)); });
byId("flow").addEventListener("change", () => { state.flow = byId("flow").value; isDirty = true; });
for (const input of document.querySelectorAll("input[name=rule]")) input.addEventListener("change", () => { state.rule = Number(input.value); isDirty = true; });
for (const id of ["scenario", "seed"]) byId(id).addEventListener("change", restart);
byId("edit").addEventListener("toggle", askTables);
bindKeys(toggle, (days) => { if (state.track) { pause(); seek(state.day + days); } }, (end) => { pause(); seek(end ? state.track?.last ?? 0 : 0); });
addEventListener("hashchange", () => session.hashChanged());
const sizes = new ResizeObserver(() => { isDirty = true; drawnAt = ""; });
for (const id of ["stage", "below"]) sizes.observe(byId(id));

async function replay() {
  const { head, frames } = await storedRun(byId("stored"));
  document.body.classList.add("replay");
  fill(byId("scenario"), [head.scenario], false);
  for (const id of ["scenario", "seed"]) byId(id).disabled = true;
  state.track = new Track(head);
  Object.assign(state.track, { number: 1, recipe: {}, isOver: true });
  for (const frame of frames) state.track.add(frame);
  say("");
  began(false);
}

if (isReplay) replay();
else session.talk.wire.connect();
requestAnimationFrame(tick);
