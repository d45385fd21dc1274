import { Module } from '@nestjs/common';
import { LanguagesController } from './languages.controller.ts';
import { LANGUAGES, languagesProvider } from './languages.provider.ts';
import { RendererWarmUp } from './renderer-warm-up.ts';
import { RENDERERS, renderersProvider } from './renderers.provider.ts';
import { RendersController } from './renders.controller.ts';

@Module({
  controllers: [RendersController, LanguagesController],
  providers: [languagesProvider, renderersProvider, RendererWarmUp],
  exports: [LANGUAGES, RENDERERS],
})
export class RendersModule {}
