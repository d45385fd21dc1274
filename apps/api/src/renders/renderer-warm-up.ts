import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { RenderService } from '@pentimento/render';
import type { Logger } from 'pino';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { LOGGER } from '../runtime/logging.ts';
import { RENDERERS } from './renderers.provider.ts';

/** Tries the renderers while the rest starts, so that the first job need not wait, and logs what cannot be rendered. */
@Injectable()
export class RendererWarmUp implements OnModuleInit {
  constructor(
    @Inject(RENDERERS) private readonly renderers: RenderService,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly lifecycle: Lifecycle,
  ) {}

  onModuleInit(): void {
    void this.warmUp();
  }

  private async warmUp(): Promise<void> {
    try {
      for (const { language, available, isolation, reason } of await this.renderers.states()) {
        if (!available) this.logger.info({ language }, `${language} cannot be rendered: ${reason}`);
        else if (isolation !== 'sandbox')
          this.logger.warn({ language, isolation }, `${language} is weakly isolated: ${reason}`);
      }
    } catch (error) {
      if (!this.lifecycle.draining.aborted) this.logger.error({ err: error }, 'The renderers could not be tried.');
    }
  }
}
