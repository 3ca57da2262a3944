// The run that is shown and what is asked about it: begun from a link, changed, compared, taken back.
import { byId, fill, say, setText } from "./words.js";
import { Talk } from "./talk.js";
import { Track } from "./track.js";
import { linkOf, readLink } from "./share.js";

export const state = { track: null, ghost: null, against: null, pinned: null, recipe: {}, start: null, link: "", undo: [], day: 0, exact: 0, sent: -1, goal: null, isPlaying: false, wantsPlay: undefined, speed: 2, flow: "", rule: 0, guess: null, isBetting: false, fan: [] };
const UNDO_MAX = 20;
const GONE = "The server does not answer; what has been simulated plays on.";

export class Session {
  // `page` is what the page does when something has come: began, changed, told, ended, fanned, tabled.
  constructor(page, isReplay) {
    Object.assign(this, { page, isReplay, excuse: "" });
    this.talk = new Talk((welcome) => this.welcomed(welcome), (isOpen) => this.line(isOpen), (words) => say(`Refused: ${words}`));
  }

  line(isOpen) {
    if (!isOpen) say(GONE);
    else if (byId("status").textContent === GONE || !state.track) say("");
  }

  welcomed({ scenarios, start, link }) {
    Object.assign(state, { start, link });
    fill(byId("scenario"), scenarios, false);
    if (state.track) this.page.changed();
    else if (!this.talk.isAsked("run")) this.beginByLink(readLink());
  }

  // What a link holds, or else what the server begins with.
  beginByLink({ recipe, view, fault }) {
    if (fault) this.excuse = `The link holds no run (${fault}); this is the one that the server begins with.`;
    Object.assign(state, { flow: view.flow, rule: view.rule, against: view.against, goal: view.day, wantsPlay: view.day === null ? undefined : false });
    document.querySelectorAll("input[name=rule]")[view.rule].checked = true;
    this.begin(recipe || state.start);
  }

  hashChanged() {
    const link = readLink();
    if (this.isReplay || (link.recipe && linkOf(link.recipe) === linkOf(state.recipe) && link.view.day === null)) return;
    if (link.fault) say(`The link holds no run (${link.fault}).`);
    else if (!link.recipe) this.again(state.start);
    else { this.keep(); this.beginByLink(link); }
  }

  // --- what is asked

  begin(recipe, after = -1) {
    this.talk.stop();
    if (!this.talk.fits(recipe)) { this.stay("That is longer than the server takes: 64 KiB with all that is changed."); return; }
    Object.assign(state, { recipe, fan: [] });
    setText(byId("worlds-told"), "");
    this.link();
    const asked = { recipe, after, hasHead: false };
    this.talk.ask("run", () => ({ do: "play", recipe, after: asked.hasHead ? state.track.last : after }), (said) => this.heardRun(asked, said));
  }

  // A run that has not been told to its end goes on where it stopped.
  resume() {
    const { track } = state, asked = { recipe: track.recipe, hasHead: true };
    if (!track.isOver) this.talk.ask("run", () => ({ do: "play", recipe: track.recipe, after: track.last }), (said) => this.heardRun(asked, said));
    else this.fillGhost();
  }

  heardRun(asked, said) {
    if (said.waiting) say(said.waiting === "compiling" ? "Compiling the market’s kernels, once: about a minute." : "Starting the simulation.");
    if (said.head && !asked.hasHead) this.headCame(asked, said.head);
    if (said.play) {
      for (const told of said.play) state.track.add(told);
      this.page.told();
    }
    if (said.over || said.failed) this.talk.ended("run");
    if (said.over) {
      state.track.isOver = true;
      this.fillGhost();
      this.page.ended();
      if (state.link && linkOf(asked.recipe) === linkOf(state.start) && state.track.frames[state.track.last].link !== state.link) say("This is not the history that the folder holds: another version of Carousel wrote it.");
    }
    if (said.failed) this.failed(asked, said.failed);
  }

  headCame(asked, head) {
    const old = state.track, isBranch = asked.after >= 0 && Boolean(old);
    const track = new Track(head);
    track.recipe = asked.recipe;
    track.number = this.count = (this.count || 0) + 1;
    if (isBranch) track.beginAs(old, asked.after);
    else state.ghost = state.against ? null : state.pinned;
    asked.hasHead = true;
    state.track = track;
    say(this.excuse);
    this.excuse = "";
    this.page.began(isBranch);
  }

  // A run that cannot begin leaves what is there; one that breaks off is shown as far as it went.
  failed(asked, words) {
    const { track } = state;
    if (asked.hasHead) {
      Object.assign(track, { failed: words, isOver: true });
      this.fillGhost();
      say(words);
      this.page.changed();
    } else if (track) this.stay(words);
    else if (state.start && asked.recipe !== state.start) {
      this.excuse = `${words}. This is the run that the server begins with.`;
      this.begin(state.start);
    } else say(words);
  }

  // What has been asked for does not come: what is shown stays.
  stay(words) {
    const { track, undo } = state;
    if (track && undo[undo.length - 1]?.track === track) Object.assign(state, undo.pop());
    if (track) {
      Object.assign(state, { recipe: track.recipe, goal: null });
      this.link();
      this.resume();
      this.page.changed();
    }
    say(words);
  }

  // The run one compares with is simulated to its end once the run itself has been.
  fillGhost() {
    const { track, against } = state, recipe = state.ghost ? state.ghost.recipe : against;
    if (!recipe || state.ghost?.isOver || !track?.isOver || this.talk.isAsked("ghost")) return;
    this.talk.ask("ghost", () => ({ do: "play", recipe, after: state.ghost ? state.ghost.last : -1 }), (said) => {
      if (said.head && !state.ghost) {
        state.ghost = new Track(said.head);
        Object.assign(state.ghost, { recipe, number: -1 });
      }
      for (const told of said.play || []) state.ghost.add(told);
      if (said.over || said.failed) {
        this.talk.ended("ghost");
        if (state.ghost) state.ghost.isOver = true;
      }
      this.page.told();
    });
  }

  fan(worlds) {
    if (!this.talk.isOpen) { say(GONE); return; }
    state.fan = [];
    setText(byId("worlds-told"), "Simulating other worlds …");
    this.talk.ask("fan", () => { state.fan = []; return { do: "fan", recipe: state.track.recipe, worlds }; }, (said) => {
      state.fan.push(...(said.fan || []));
      if (said.over || said.failed) this.talk.ended("fan");
      if (said.failed) setText(byId("worlds-told"), `No more worlds: ${said.failed}`);
      else if (state.fan.length) this.page.fanned();
    });
  }

  tables() {
    this.talk.ask("tables", () => ({ do: "tables", recipe: { ...state.recipe, turns: [] } }), (said) => {
      this.talk.ended("tables");
      if (said.tables) this.page.tabled(said.tables);
      else say(said.failed);
    });
  }

  // --- what is changed

  // What one can take back to; a change that is still asked for is not told apart from the next one.
  keep() {
    const { track, ghost, pinned, undo } = state;
    if (!track || undo[undo.length - 1]?.track === track) return;
    undo.push({ track, ghost, pinned });
    if (undo.length > UNDO_MAX) undo.shift();
  }

  // A change takes force on the day after the one that is shown: the days before stay what they were.
  turn(change) {
    const { track, day, recipe } = state;
    if (!track || this.isReplay || day >= track.head.days) { say(this.isReplay ? "A replay plays what was recorded." : "The run is over; go back to a day before its end."); return; }
    const gone = (recipe.turns || []).find((each) => change.stop && each.stop === change.stop && each.day <= day + 1);
    if (gone) { say(`${change.stop} is cut off already, from ${track.head.dates[gone.day]} on.`); return; }
    const turns = [...(recipe.turns || [])], last = turns[turns.length - 1], names = (moved) => Object.keys(moved || {}).join();
    const isSame = change.moved && last?.day === day + 1 && names(last.moved) === names(change.moved);
    if (isSame) turns.pop();
    this.branch([...turns, { day: day + 1, ...change }], day, !isSame);
  }

  takeBack(number) {
    const turns = [...state.recipe.turns], [gone] = turns.splice(number, 1);
    this.branch(turns, Math.min(gone.day - 1, state.track.last), true);
  }

  branch(turns, after, isNew) {
    if (isNew) {
      this.keep();
      Object.assign(state, { ghost: state.track, against: null });
    }
    Object.assign(state, { wantsPlay: false, goal: state.day });
    this.page.paused();
    if (!byId("sliders").contains(document.activeElement)) byId("difference").parentElement.scrollTop = 0;
    this.begin({ ...state.recipe, turns }, after);
  }

  // Another run, from its first day.
  again(recipe) {
    this.keep();
    Object.assign(state, { wantsPlay: undefined, goal: null, against: null });
    this.begin(recipe);
  }

  undo() {
    const before = state.undo.pop();
    if (!before) return;
    this.talk.stop();
    Object.assign(state, { ...before, recipe: before.track.recipe, against: null, fan: [], goal: state.day });
    this.link();
    this.page.began(true);
    this.resume();
  }

  pin() {
    state.pinned = state.pinned ? null : state.track;
    state.ghost = state.pinned === state.track ? null : state.pinned;
    this.page.changed();
  }

  link() {
    location.hash = linkOf(state.recipe);
  }
}
