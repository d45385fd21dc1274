import type { Language } from '@pentimento/contracts';
import { createRenderService, type RenderServiceOptions } from '@pentimento/render';
import { languages } from '@pentimento/render/languages';
import { breachesIn } from './assess.ts';
import { setCanary } from './canary.ts';

/** Whether a canary shows that a hostile program reached anything. A canary of its own, because traces stay. */
export async function fires(options: RenderServiceOptions, language: Language, name: string): Promise<boolean> {
  const { samples } = await languages.find(({ id }) => id === language)!.loadSamples();
  const canary = await setCanary();
  const renderService = createRenderService({ concurrency: 1, cacheBytes: 0, ...options });
  try {
    const { code } = samples.hostile(canary)[name]!;
    const request = { language, code, size: { width: 300, height: 200 }, trusted: false };
    const result = await renderService.render(request, new AbortController().signal);
    return canary.hits() > 0 || canary.traces().length > 0 || (await breachesIn(result, canary)).length > 0;
  } finally {
    await renderService.close();
    await canary.close();
  }
}
