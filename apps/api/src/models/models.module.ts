import { Module } from '@nestjs/common';
import { RendersModule } from '../renders/renders.module.ts';
import { MODELS, modelsProvider } from './models.provider.ts';

@Module({ imports: [RendersModule], providers: [modelsProvider], exports: [MODELS] })
export class ModelsModule {}
