import type { LanguageEntry } from '@pentimento/api-contracts';
import { expect, it } from 'vitest';
import { shownLanguage } from './languages.ts';

const latex = { id: 'latex', title: 'LaTeX', fileExtension: 'tex', highlighting: 'tex' } as LanguageEntry;

it('shows a language as the server describes it', () => {
  expect(shownLanguage([latex], 'latex')).toMatchObject({ title: 'LaTeX', fileExtension: 'tex', highlighting: 'tex' });
});

it('shows a language that the server does not list by its id and as plain text', () => {
  expect(shownLanguage([latex], 'pascal')).toEqual({ title: 'pascal', fileExtension: 'txt', highlighting: null });
});
