import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import { parseJson } from '../json.ts';
import { asChunk, finishingChunk, isFinished, saysSomething } from './chunk.ts';
import { errorIn, errorOfEvent } from './server-error.ts';

const done = '[DONE]';
/** Longest event that is read, characters. One may hold the token ids of a whole prompt. */
const maxEventLength = 32 * 1024 * 1024;

/**
 * A server's event stream in the form that the protocol gives it. It ends at `[DONE]` even where the connection stays open. A reply that
 * `[DONE]` ends is complete, with or without a finish reason. An event that is no JSON is left out, if there are others.
 */
export function plainEvents(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const plain = new PlainEvents();
  return body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream({ maxBufferSize: maxEventLength }))
    .pipeThrough(
      new TransformStream<EventSourceMessage, string>({
        transform(event, controller) {
          for (const data of plain.read(event)) controller.enqueue(`data: ${data}\n\n`);
          if (plain.isDone) controller.terminate();
        },
        flush(controller) {
          for (const data of plain.end()) controller.enqueue(`data: ${data}\n\n`);
        },
      }),
    )
    .pipeThrough(new TextEncoderStream());
}

/** One reply's events, as JSON texts and `[DONE]`. */
class PlainEvents {
  isDone = false;
  #hasFinished = false;
  #hasRead = false;
  #unreadable: string | undefined;

  read({ event, data }: EventSourceMessage): string[] {
    if (data.trim() === done) {
      this.isDone = true;
      return this.#hasFinished ? [done] : [JSON.stringify(finishingChunk), done];
    }
    const value = parseJson(data);
    const error = event === 'error' ? errorOfEvent(data) : errorIn(value);
    if (error) {
      this.#hasRead = true;
      return [JSON.stringify({ error })];
    }
    if (typeof value !== 'object' || value === null) {
      this.#unreadable ??= data;
      return [];
    }
    const chunk = asChunk(value);
    this.#hasRead ||= saysSomething(chunk) || isFinished(chunk);
    this.#hasFinished ||= isFinished(chunk);
    return [JSON.stringify(chunk)];
  }

  /** What is left at the end: an event that nobody can read, where there was nothing else. */
  end(): string[] {
    return this.#hasRead || this.#unreadable === undefined ? [] : [this.#unreadable];
  }
}

/** A whole reply as the events of a stream. */
export function eventsOfWhole(value: unknown): string {
  const error = errorIn(value);
  const chunk = asChunk(value);
  const chunks = error ? [{ error }] : isFinished(chunk) ? [chunk] : [chunk, finishingChunk];
  return [...chunks.map((part) => JSON.stringify(part)), done].map((data) => `data: ${data}\n\n`).join('');
}
