import { port, type Layout } from './layout.ts';

/** Settings for one machine. They are passed at each start, so that a newer release's settings apply to existing data. */
export function serverArguments(layout: Layout, durable: boolean): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '',
    unix_socket_directories: layout.sockets,
    unix_socket_permissions: '0700',
    port,
    fsync: durable ? 'on' : 'off',
    max_connections: 100,
    shared_buffers: '64MB',
    huge_pages: 'off',
    // Queries are few and small: helper processes for I/O, parallel plans and replication would only cost memory.
    io_method: 'sync',
    max_parallel_workers_per_gather: 0,
    max_wal_senders: 0,
    wal_level: 'minimal',
    max_wal_size: '512MB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    // Frees the lock of a job whose holder stopped in the middle of a transaction.
    idle_in_transaction_session_timeout: '60s',
  };
  return ['-D', layout.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** Unicode order and case by the server's own tables, so that they do not depend on the machine's locales. */
export const initArguments = (durable: boolean): string[] => [
  '--username=pentimento',
  '--auth=trust',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  '--no-instructions',
  ...(durable ? [] : ['--no-sync']),
];
