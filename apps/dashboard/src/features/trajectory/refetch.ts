import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** Has a query fetched again. A first fetch under way is dropped: it may hold what was before, and an invalidation waits on it alone. */
export async function refetch(client: QueryClient, queryKey: QueryKey): Promise<void> {
  await client.cancelQueries({ queryKey });
  await client.invalidateQueries({ queryKey });
}
