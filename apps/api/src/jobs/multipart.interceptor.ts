import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { multipartRequest, type FormFiles } from './multipart.ts';

/** Converts the body of a form to the shape of a JSON body, so that one schema checks both. */
@Injectable()
export class MultipartInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    if (request.is('multipart/form-data')) {
      request.body = multipartRequest(request.body as Record<string, unknown>, (request.files ?? {}) as FormFiles);
    }
    return next.handle();
  }
}
