'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ApiError } from '@pentimento/client';
import { useState, type ReactNode } from 'react';
import { config } from 'zod';

// Compiled parsers need `unsafe-eval`, which the content security policy refuses.
config({ jitless: true });

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: 2000,
            retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status in refused),
          },
        },
      }),
  );
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

/** Statuses that another attempt would not change. */
const refused = { 400: true, 404: true, 405: true, 409: true, 413: true, 415: true, 422: true };
