import { describe, expect, it } from 'vitest';
import { contentPolicy } from './content-policy.ts';

describe('contentPolicy', () => {
  it('allows the inline scripts of the page by their hashes, and no other', () => {
    const html = '<script src="/a.js"></script><script>one()</script><script type="module">\ntwo()\n</script>';
    const scripts = contentPolicy(html)
      .split('; ')
      .find((directive) => directive.startsWith('script-src'))!;
    expect(scripts.match(/'sha256-[^']+'/g)).toHaveLength(2);
    // printf 'one()' | openssl dgst -sha256 -binary | base64
    expect(scripts).toContain("'sha256-HR7iaask9daLMRRskMI++QeJtjWDOjyPA6lGzYGzKW4='");
    expect(scripts).not.toContain('unsafe-inline');
  });

  it('lets no other page frame it', () => {
    expect(contentPolicy('')).toContain("frame-ancestors 'none'");
  });
});
