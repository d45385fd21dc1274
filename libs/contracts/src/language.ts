import { z } from 'zod';

/** The id of a language in which code can be written and rendered. Which ids there are, the registry of renderers knows. */
export const languageSchema = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9-]*$/, 'A language is named by its id, e.g. "svg": small letters, digits and hyphens.')
  .meta({ id: 'Language' });
export type Language = z.infer<typeof languageSchema>;

/** The metadata of a language, without its renderer. */
export const languageInfoSchema = z
  .strictObject({
    id: languageSchema,
    title: z.string().min(1).describe('Name for people, e.g. "LaTeX".'),
    fenceNames: z
      .tuple([z.string()], z.string())
      .describe('Info strings that open a fenced block of the language. Prompts ask for the first.'),
    fileExtension: z
      .string()
      .regex(/^[a-z0-9]+$/)
      .describe('Without the dot.'),
    highlighting: z
      .string()
      .nullable()
      .describe('Id of the Shiki grammar that colors its code; null where there is none.'),
    writtenByBuiltinModel: z.boolean().describe('Whether the built-in model can write it.'),
  })
  .meta({ id: 'LanguageInfo' });
export type LanguageInfo = z.infer<typeof languageInfoSchema>;

/** Media type under which a candidate's code is stored and served: always text, never a live type. */
export const codeMediaType = 'text/plain; charset=utf-8';
