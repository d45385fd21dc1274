import { port, type Place } from './place.ts';

/** Settings for one machine, given on the command line at each start, so that a newer release's apply to old data too. */
export function serverArguments(place: Place, durable: boolean): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '',
    unix_socket_directories: place.sockets,
    unix_socket_permissions: '0700',
    port,
    fsync: durable ? 'on' : 'off',
    max_connections: 100,
    shared_buffers: '64MB',
    huge_pages: 'off',
    // Few small queries: helper processes for I/O, parallel plans and replication only cost memory.
    io_method: 'sync',
    max_parallel_workers_per_gather: 0,
    max_wal_senders: 0,
    wal_level: 'minimal',
    max_wal_size: '512MB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    // Frees the lock of a job whose holder was frozen in the middle of a transaction.
    idle_in_transaction_session_timeout: '60s',
  };
  return ['-D', place.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** Unicode order and case by the server's own tables: the same on every machine, whatever locales it has. */
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
