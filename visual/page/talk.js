// The conversation with the server: one question of a kind at a time, by its number; late answers to an earlier one are
// dropped, and what has not been answered to its end is asked again when the line is back.
import { Wire } from "./wire.js";

const BYTES_MAX = 64 * 1024 - 512;

export class Talk {
  constructor(onWelcome, onLine, onRefused) {
    Object.assign(this, { onWelcome, onRefused, asked: new Map(), count: 0 });
    this.wire = new Wire((said) => this.heard(said), () => { onLine(true); this.askAll(); }, () => onLine(false));
  }

  get isOpen() {
    return this.wire.isOpen;
  }

  askAll() {
    this.wire.ask({ do: "hello" });
    for (const question of this.asked.values()) this.send(question);
  }

  // `message` is made whenever the question is asked, `hear` is told each answer.
  ask(kind, message, hear) {
    const question = { message, hear };
    this.asked.set(kind, question);
    this.send(question);
  }

  send(question) {
    question.number = this.count += 1;
    this.wire.ask({ ...question.message(), run: question.number });
  }

  isAsked(kind) {
    return this.asked.has(kind);
  }

  // Nobody listens to these any more; the server stops whatever it does for this page.
  stop() {
    this.asked.clear();
    this.wire.ask({ do: "stop", run: 0 });
  }

  ended(kind) {
    this.asked.delete(kind);
  }

  heard(said) {
    if (said.welcome) this.onWelcome(said.welcome);
    else if (said.run === undefined) this.onRefused(said.refused);
    else for (const question of [...this.asked.values()]) if (question.number === said.run) question.hear(said);
  }

  // Whether the server would take a recipe: it ends a conversation in which a message is too long.
  fits(recipe) {
    return new TextEncoder().encode(JSON.stringify(recipe)).length <= BYTES_MAX;
  }
}
