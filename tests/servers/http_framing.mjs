// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 messages off a socket, byte for byte as they were sent (RFC 9112): a proxy that keeps
// signatures valid may change nothing, which Node's own http module would.

const MOST_IN_HEAD = 256 * 1024;
const MOST_WAITING = 1024 * 1024;
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** Reads a socket as it is asked to, not as bytes come. */
export class Reader {
  #socket;
  #waiting = [];  // buffers
  #length = 0;
  #ended = false;
  #wake = null;

  constructor(socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => {
      this.#waiting.push(bytes);
      this.#length += bytes.length;
      if (this.#length > MOST_WAITING) socket.pause();
      this.#notify();
    });
    const end = () => { this.#ended = true; this.#notify(); };
    socket.on('end', end);
    socket.on('close', end);
    socket.on('error', end);
  }

  get ended() { return this.#ended; }

  #notify() {
    this.#wake?.();
    this.#wake = null;
  }

  /** Waits for more than there is; false at the end. */
  async #more() {
    const had = this.#length;
    while (this.#length === had && !this.#ended) {
      this.#socket.resume();
      await new Promise((resolve) => { this.#wake = resolve; });
    }
    return this.#length > had;
  }

  #peek() {
    if (this.#waiting.length > 1) this.#waiting = [Buffer.concat(this.#waiting)];
    return this.#waiting[0] ?? Buffer.alloc(0);
  }

  #take(count) {
    const all = this.#peek();
    const taken = all.subarray(0, count);
    this.#waiting = count < all.length ? [all.subarray(count)] : [];
    this.#length -= taken.length;
    if (this.#length < MOST_WAITING) this.#socket.resume();
    return taken;
  }

  /** Everything up to and with `delimiter`; null where the bytes end before it. */
  async #until(delimiter) {
    for (;;) {
      const found = this.#peek().indexOf(delimiter);
      if (found >= 0) return this.#take(found + delimiter.length);
      if (this.#length > MOST_IN_HEAD || !(await this.#more())) return null;
    }
  }

  /** The first line and the headers of a message; null where the connection ends before them. */
  async head() {
    const bytes = await this.#until(END_OF_HEAD);
    return bytes && new Head(bytes);
  }

  async *#exactly(count) {
    for (let left = count; left > 0;) {
      if (this.#length === 0 && !(await this.#more())) throw new Error('the body ended early');
      const piece = this.#take(Math.min(left, this.#length));
      left -= piece.length;
      yield piece;
    }
  }

  async *#chunks() {
    for (;;) {
      const line = await this.#until('\r\n');
      if (!line) throw new Error('the body ended early');
      yield line;
      const size = parseInt(line.toString('latin1'), 16);
      if (size > 0) {
        yield* this.#exactly(size + 2);
        continue;
      }
      for (;;) {  // trailers
        const trailer = await this.#until('\r\n');
        if (!trailer) throw new Error('the body ended early');
        yield trailer;
        if (trailer.length === 2) return;
      }
    }
  }

  async *#rest() {
    while (this.#length > 0 || await this.#more()) yield this.#take(this.#length);
  }

  /** The body as it is sent, chunks and all; `length` is what Head tells. */
  body(length) {
    if (length === 'chunked') return this.#chunks();
    if (length === 'to the end') return this.#rest();
    return this.#exactly(length);
  }
}

/** The first line and the headers of a message. */
export class Head {
  constructor(bytes) {
    this.bytes = bytes;
    const [first, ...lines] = bytes.toString('latin1').trimEnd().split('\r\n');
    this.words = first.split(' ');
    this.fields = lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
  }

  get(name) {
    return this.fields.find(([key]) => key.toLowerCase() === name)?.[1];
  }

  get status() { return Number(this.words[1]); }

  #framing(without) {
    if (/chunked/i.test(this.get('transfer-encoding') ?? '')) return 'chunked';
    const length = this.get('content-length');
    return length === undefined ? without : Number(length);
  }

  requestLength() { return this.#framing(0); }

  responseLength(method) {
    if (method === 'HEAD' || this.status < 200 || this.status === 204 || this.status === 304) return 0;
    return this.#framing('to the end');
  }

  /** Will the sender keep the connection? */
  get persistent() { return !/close/i.test(this.get('connection') ?? ''); }

  /** The head with some fields replaced; null takes one away. */
  with(changes) {
    const changed = new Set(Object.keys(changes).map((name) => name.toLowerCase()));
    const fields = this.fields.filter(([name]) => !changed.has(name.toLowerCase()));
    fields.push(...Object.entries(changes).filter(([, value]) => value !== null));
    const lines = [this.words.join(' '), ...fields.map((field) => field.join(': ')), '', ''];
    return Buffer.from(lines.join('\r\n'), 'latin1');
  }
}

/** Writes, and waits while the other side does not read. */
export async function write(socket, bytes) {
  if (socket.destroyed) throw new Error('the connection is closed');
  if (socket.write(bytes)) return;
  await new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
