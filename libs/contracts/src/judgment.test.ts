import { describe, expect, it } from 'vitest';
import { createJudgmentSchema, currentJudgments, type Judgment } from './judgment.ts';
import { setTagsSchema, tagSet } from './tags.ts';
import { listJobsSchema } from './job-requests.ts';

const id = (prefix: string, number: number) => `${prefix}_00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const [a, b] = [id('cand', 1), id('cand', 2)];
const at = '2026-11-30T11:00:00.000Z';

function judgment(number: number, parts: Partial<Judgment>): Judgment {
  const author = { kind: 'human', name: '' } as const;
  const none = { verdict: null, preferredOver: null, note: '', withdrawnAt: null };
  return { id: id('judg', number), jobId: id('job', 1), candidate: a, author, createdAt: at, ...none, ...parts };
}
const ids = (judgments: Judgment[]) => judgments.map((each) => each.id);
const problems = (input: unknown) => {
  const { error } = createJudgmentSchema.safeParse(input);
  return error?.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`) ?? [];
};

describe('a judgment to create', () => {
  it('is by an unnamed person unless it says otherwise', () => {
    expect(createJudgmentSchema.parse({ verdict: 'accept' })).toEqual({
      verdict: 'accept',
      preferredOver: null,
      note: '',
      author: { kind: 'human', name: '' },
    });
  });

  it('says something', () => {
    for (const empty of [{}, { note: ' \n' }, { author: { name: 'Ada' } }]) {
      expect(problems(empty)).toEqual(['/: Give a verdict, the candidate that this one is preferred over, or a note.']);
    }
    for (const enough of [{ verdict: 'reject' }, { preferredOver: b }, { note: 'The legend is cut.' }]) {
      expect(problems(enough)).toEqual([]);
    }
  });

  it('is about one candidate or about two', () => {
    expect(problems({ verdict: 'accept', preferredOver: b })).toEqual([
      '/verdict: A verdict is on one candidate and a preference is on two: send them as two judgments.',
    ]);
  });

  it('has a bounded note and author, of characters that can be stored', () => {
    expect(problems({ note: '\0' })).toEqual(['/note: Leave out the NUL characters.']);
    expect(problems({ note: 'x'.repeat(4001) })).toHaveLength(1);
    expect(problems({ verdict: 'accept', author: { name: 'x'.repeat(201) } })).toHaveLength(1);
  });
});

describe('the current judgments', () => {
  it('are the newest of each author on each candidate and pair, oldest first', () => {
    const model = { kind: 'model', name: '' } as const;
    const all = [
      judgment(1, { verdict: 'reject' }),
      judgment(2, { candidate: b, note: 'Thin lines.' }),
      judgment(3, { verdict: 'accept', author: model }),
      judgment(4, { preferredOver: b }),
      judgment(5, { verdict: 'accept' }),
    ];
    expect(ids(currentJudgments(all))).toEqual(ids([all[1]!, all[2]!, all[3]!, all[4]!]));
  });

  it('have one preference for a pair, whichever candidate is better', () => {
    const all = [judgment(1, { preferredOver: b }), judgment(2, { candidate: b, preferredOver: a })];
    expect(ids(currentJudgments(all))).toEqual(ids([all[1]!]));
  });

  it('do not go back to an older one where the newest is withdrawn', () => {
    const all = [judgment(1, { verdict: 'reject' }), judgment(2, { verdict: 'accept', withdrawnAt: at })];
    expect(currentJudgments(all)).toEqual([]);
    expect(ids(currentJudgments([...all, judgment(3, { note: 'Again.' })]))).toEqual([id('judg', 3)]);
  });
});

describe('tags', () => {
  it('are a sorted set', () => {
    expect(tagSet(['b', 'a', 'b', 'B'])).toEqual(['B', 'a', 'b']);
  });

  it.each([['x'.repeat(41)], [''], ['two words'], ['größe'], ['a,b'], ['a\n']])('refuse %j', (tag) => {
    expect(setTagsSchema.safeParse({ tags: [tag] }).success).toBe(false);
  });

  it('are at most 32, of letters, digits and a few signs', () => {
    const tags = Array.from({ length: 33 }, (_, index) => `set:v1.0/train_${index}-x`);
    expect(setTagsSchema.safeParse({ tags: tags.slice(1) }).success).toBe(true);
    expect(setTagsSchema.safeParse({ tags }).error?.issues[0]!.message).toBe(
      'A job has at most 32 tags: leave some out.',
    );
  });

  it('are listed with commas in a filter, each checked', () => {
    expect(listJobsSchema.parse({ tag: 'a,b:c' }).tag).toEqual(['a', 'b:c']);
    for (const tag of ['', ',', 'a b']) expect(listJobsSchema.safeParse({ tag }).success).toBe(false);
  });
});
