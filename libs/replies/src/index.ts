export { parseReply, type ParsedReply, type ReplyLanguage } from './parse.ts';
