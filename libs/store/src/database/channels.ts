import { Listener } from '@pentimento/postgres';

/** Channels for NOTIFY, whose payload is the id of a job: it has a new event, it should stop, its partial replies have changed. */
export const eventChannel = 'pentimento_events';
export const stopChannel = 'pentimento_stops';
export const partialReplyChannel = 'pentimento_partial_replies';

const channels = [eventChannel, stopChannel, partialReplyChannel] as const;

export type JobListener = Listener<(typeof channels)[number]>;

export const createJobListener = (databaseUrl: string): JobListener => new Listener(databaseUrl, channels);
