export { parseReply, type ParsedReply } from './parse.ts';
