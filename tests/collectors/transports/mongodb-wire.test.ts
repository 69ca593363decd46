import { Duplex } from 'node:stream';
import { serialize } from 'bson';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWire } from '../../../src/collectors/transports/mongodb-wire.ts';
import { message } from '../../support/mongo-server.ts';

/** A line to a server that answers each command with these pieces. */
function lineTo(pieces: readonly Buffer[]) {
  return new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      done();
      for (const piece of pieces) this.push(piece);
    },
  });
}

const answer = { ok: 1, text: '发票'.repeat(50), at: new Date(0) };
const whole = message(1, answer);

test('an answer may come in pieces of any length', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(whole.length), { maxLength: 8 }), async (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
      const pieces = at.slice(1).map((end, index) => whole.subarray(at[index], end));
      const wire = createWire(lineTo(pieces.filter((piece) => piece.length > 0)));
      expect(await wire.ask({ ping: 1 })).toEqual(answer);
    }),
    { numRuns: 200 },
  );
});

test('whatever comes is an answer or a failure, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), async (at, byte) => {
      const changed = Buffer.from(whole);
      changed[at] = byte;
      const line = lineTo([changed]);
      const asked = createWire(line).ask({ ping: 1 });
      // A longer length waits for what does not come: then the line ends.
      setImmediate(() => setImmediate(() => line.destroy()));
      await expect(
        asked.then(
          (found) => typeof found,
          (error: unknown) => error instanceof Error,
        ),
      ).resolves.toSatisfy((end) => end === 'object' || end === true);
    }),
    { numRuns: 500 },
  );
});

test('with a checksum behind it', async () => {
  const summed = Buffer.concat([whole, Buffer.from([1, 2, 3, 4])]);
  summed.writeInt32LE(summed.length, 0);
  summed.writeUInt32LE(1, 16);
  expect(await createWire(lineTo([summed])).ask({ ping: 1 })).toEqual(answer);
});

test('text that is no UTF-8 is read all the same', async () => {
  const body = serialize({ text: 'AAAA' });
  body.fill(0xff, 14, 16);
  const head = Buffer.from(message(1, {}).subarray(0, 21));
  head.writeInt32LE(21 + body.length, 0);
  expect(await createWire(lineTo([head, Buffer.from(body)])).ask({ ping: 1 })).toEqual({
    text: expect.stringMatching(/\uFFFD/),
  });
});

test('documents in documents without end fail', async () => {
  const depth = 200_000;
  const body = Buffer.alloc(depth * 8 + 5);
  for (let level = 0; level < depth; level += 1) {
    body.writeInt32LE(body.length - level * 8, level * 7);
    body.writeUInt8(3, level * 7 + 4);
    body.write('a', level * 7 + 5);
  }
  const head = Buffer.from(message(1, {}).subarray(0, 21));
  head.writeInt32LE(21 + body.length, 0);
  await expect(createWire(lineTo([head, body])).ask({ ping: 1 })).rejects.toThrow();
});

test('a line that is closed, or busy, takes no command', async () => {
  const silent = createWire(lineTo([]));
  void silent.ask({ ping: 1 }).catch(() => undefined);
  await expect(silent.ask({ ping: 1 })).rejects.toMatchObject({ code: 'ECONNRESET' });
  const line = lineTo([]);
  const wire = createWire(line);
  const asked = wire.ask({ ping: 1 });
  line.destroy();
  await expect(asked).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect(wire.ask({ ping: 1 })).rejects.toMatchObject({ code: 'ECONNRESET' });
});
