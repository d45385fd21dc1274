import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** Fetches a query again. Cancels a first fetch in progress: its result may be outdated, and an invalidation would only wait for it. */
export async function refetch(client: QueryClient, queryKey: QueryKey): Promise<void> {
  await client.cancelQueries({ queryKey });
  await client.invalidateQueries({ queryKey });
}
