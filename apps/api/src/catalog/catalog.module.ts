import { Module } from '@nestjs/common';
import { ModelsModule } from '../models/models.module.ts';
import { UploadsModule } from '../uploads/uploads.module.ts';
import { CatalogController } from './catalog.controller.ts';
import { Examples } from './examples.ts';

@Module({ imports: [ModelsModule, UploadsModule], controllers: [CatalogController], providers: [Examples] })
export class CatalogModule {}
