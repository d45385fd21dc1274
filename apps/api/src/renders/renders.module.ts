import { Module } from '@nestjs/common';
import { LanguagesController } from './languages.controller.ts';
import { RendererWarmUp } from './renderer-warm-up.ts';
import { RENDERERS, renderersProvider } from './renderers.provider.ts';
import { RendersController } from './renders.controller.ts';
import { TargetLanguages } from './target-languages.ts';

@Module({
  controllers: [RendersController, LanguagesController],
  providers: [renderersProvider, RendererWarmUp, TargetLanguages],
  exports: [RENDERERS, TargetLanguages],
})
export class RendersModule {}
