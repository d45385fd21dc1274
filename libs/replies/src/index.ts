export { embedsBitmap } from './embedded-bitmap.ts';
export { parseReply, type ParsedReply, type ReplyLanguage } from './parse.ts';
