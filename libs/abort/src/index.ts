export { DeadlineExceeded, orAborted, withDeadline } from './deadline.ts';
