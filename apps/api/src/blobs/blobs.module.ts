import { Module } from '@nestjs/common';
import { UploadsModule } from '../uploads/uploads.module.ts';
import { BlobsController } from './blobs.controller.ts';
import { Thumbnails } from './thumbnails.ts';

@Module({ imports: [UploadsModule], controllers: [BlobsController], providers: [Thumbnails] })
export class BlobsModule {}
