import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { refetch } from './refetch.ts';

it('does not settle for the answer of a first fetch that began before', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: Infinity } } });
  const answers: ((answer: string) => void)[] = [];
  const queryKey = ['iterations'];
  const queryFn = () => new Promise<string>((resolve) => answers.push(resolve));
  const stop = new QueryObserver(client, { queryKey, queryFn }).subscribe(() => undefined);
  const done = refetch(client, queryKey);
  answers[0]!('before');
  await expect.poll(() => answers.length).toBe(2);
  answers[1]!('after');
  await done;
  expect(client.getQueryData(queryKey)).toBe('after');
  stop();
});
