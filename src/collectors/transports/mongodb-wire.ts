import type { Duplex } from 'node:stream';
import { type Document, deserialize, serialize } from 'bson';

/** maxMessageSizeBytes of every server so far (MongoDB Wire Protocol). */
const longest = 48_000_000;
const header = 16;
const opMsg = 2013;
const checksumPresent = 1;
const moreToCome = 2;

/** Says one command at a time to a MongoDB server, and hears its answer: OP_MSG, one section, no compression. */
export type Wire = {
  /** The server's answer as it is, refusals among them. */
  ask(command: Document): Promise<Document>;
  /** Until the last of what was said is sent. */
  end(): Promise<void>;
};

/** Speaks over a connection that is open. Whatever is no answer to what was asked ends it. */
export function createWire(stream: Duplex): Wire {
  let count = 0;
  let heard: Buffer[] = [];
  let waiting: { resolve(answer: Document): void; reject(error: unknown): void } | undefined;

  const fail = (error: unknown): void => {
    waiting?.reject(error);
    waiting = undefined;
    stream.destroy();
  };
  stream.on('data', (piece: Buffer) => {
    heard.push(piece);
    try {
      const message = whole(heard);
      if (!message) return;
      heard = [];
      const answer = read(message, count);
      waiting?.resolve(answer);
      waiting = undefined;
    } catch (error) {
      fail(error);
    }
  });
  stream.on('error', fail);
  stream.on('close', () => fail(Object.assign(new Error('the server hung up'), { code: 'ECONNRESET' })));

  return {
    ask: (command) =>
      new Promise((resolve, reject) => {
        if (waiting || stream.destroyed) {
          reject(Object.assign(new Error('the connection is closed'), { code: 'ECONNRESET' }));
          return;
        }
        waiting = { resolve, reject };
        count += 1;
        stream.write(written(command, count));
      }),
    end: () =>
      new Promise((resolve) => {
        // One that was hung up on says nothing more.
        if (stream.destroyed) return resolve();
        stream.once('close', resolve);
        stream.end(resolve);
      }),
  };
}

/** One command as it goes over the line. */
function written(command: Document, number: number): Buffer {
  const body = serialize(command);
  const message = Buffer.alloc(header + 5);
  message.writeInt32LE(header + 5 + body.length, 0);
  message.writeInt32LE(number, 4);
  message.writeInt32LE(opMsg, 12);
  return Buffer.concat([message, body]);
}

// Undefined as long as some of it is to come; pieces are joined only once all are there.
function whole(pieces: Buffer[]): Buffer | undefined {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (size < header) return undefined;
  const [first] = pieces;
  if (first && first.length < header) pieces.splice(0, pieces.length, Buffer.concat(pieces));
  const length = pieces[0]?.readInt32LE(0) ?? 0;
  if (length < header + 5 || length > longest) throw new Error('no message of MongoDB');
  if (size < length) return undefined;
  if (size > length) throw new Error('more than was asked for');
  return Buffer.concat(pieces);
}

function read(message: Buffer, number: number): Document {
  if (message.readInt32LE(8) !== number || message.readInt32LE(12) !== opMsg) throw new Error('no answer of MongoDB');
  const flags = message.readUInt32LE(header);
  if ((flags & moreToCome) !== 0 || message.readUInt8(header + 4) !== 0) throw new Error('no single answer of MongoDB');
  const end = message.length - ((flags & checksumPresent) === 0 ? 0 : 4);
  // Text that is no UTF-8 is still text of the data.
  return deserialize(message.subarray(header + 5, end), { validation: { utf8: false } });
}
