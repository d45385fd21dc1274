import { orAborted } from '@pentimento/abort';

/** All results in their order. Rejects with the signal's reason. */
export async function resultsOf<Result>(results: readonly Promise<Result>[], signal: AbortSignal): Promise<Result[]> {
  const all = await Promise.all(results);
  signal.throwIfAborted();
  return all;
}

/** Each result as soon as it is there, with its index. The promises never reject. Throws the signal's reason. */
export async function* inTurn<Result>(
  results: readonly Promise<Result>[],
  signal: AbortSignal,
): AsyncGenerator<{ index: number; result: Result }, void> {
  const arrivals = results.map(() => Promise.withResolvers<{ index: number; result: Result }>());
  let filled = 0;
  for (const [index, promise] of results.entries())
    void promise.then((result) => arrivals[filled++]!.resolve({ index, result }));
  for (const arrival of arrivals) yield await orAborted(arrival.promise, signal);
}
