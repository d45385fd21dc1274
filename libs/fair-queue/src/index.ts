export { FairQueue } from './fair-queue.ts';
export { RoundRobin } from './round-robin.ts';
