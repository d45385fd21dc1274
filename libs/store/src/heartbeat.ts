/** State of a claim. `canceling`: still held, and the user wants the work to stop. */
export type Heartbeat = 'held' | 'canceling' | 'lost';
