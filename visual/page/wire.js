// The line to the server: it is opened again, ever less often, whenever it breaks.

export class Wire {
  constructor(onHeard, onOpen, onClosed) {
    Object.assign(this, { onHeard, onOpen, onClosed, socket: null, tries: 0 });
  }

  get isOpen() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  connect() {
    this.socket = new WebSocket(`ws://${location.host}/socket`);
    this.socket.onopen = () => { this.tries = 0; this.onOpen(); };
    this.socket.onmessage = (event) => this.onHeard(JSON.parse(event.data));
    this.socket.onclose = () => {
      this.onClosed();
      this.tries += 1;
      setTimeout(() => this.connect(), Math.min(4000, 250 * 2 ** this.tries));
    };
  }

  ask(said) {
    if (this.isOpen) this.socket.send(JSON.stringify(said));
  }
}
