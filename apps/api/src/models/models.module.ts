import { Module } from '@nestjs/common';
import { LoopBlobsModule } from '../blobs/loop-blobs.ts';
import { RendersModule } from '../renders/renders.module.ts';
import { MODELS, modelsProvider } from './models.provider.ts';

@Module({ imports: [LoopBlobsModule, RendersModule], providers: [modelsProvider], exports: [MODELS] })
export class ModelsModule {}
