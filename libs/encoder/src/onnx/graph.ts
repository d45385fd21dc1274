import protobuf from 'protobufjs';

/** The part of onnx.proto (github.com/onnx/onnx, IR version 8) that the encoders need. */
const schema = `
syntax = "proto2";
message AttributeProto {
  optional string name = 1; optional float f = 2; optional int64 i = 3; optional bytes s = 4;
  repeated int64 ints = 8; optional int32 type = 20;
}
message NodeProto {
  repeated string input = 1; repeated string output = 2; optional string op_type = 4;
  repeated AttributeProto attribute = 5; optional string domain = 7;
}
message StringStringEntryProto { optional string key = 1; optional string value = 2; }
message TensorProto {
  repeated int64 dims = 1; optional int32 data_type = 2; optional string name = 8; optional bytes raw_data = 9;
  repeated StringStringEntryProto external_data = 13; optional int32 data_location = 14;
}
message Dimension { optional int64 dim_value = 1; }
message TensorShapeProto { repeated Dimension dim = 1; }
message TensorTypeProto { optional int32 elem_type = 1; optional TensorShapeProto shape = 2; }
message TypeProto { optional TensorTypeProto tensor_type = 1; }
message ValueInfoProto { optional string name = 1; optional TypeProto type = 2; }
message GraphProto {
  repeated NodeProto node = 1; optional string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
}
message OperatorSetIdProto { optional string domain = 1; optional int64 version = 2; }
message ModelProto {
  optional int64 ir_version = 1; optional string producer_name = 2; optional GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8;
}`;

const modelType = protobuf.parse(schema, { keepCase: true }).root.lookupType('ModelProto');
const irVersion = 8;
const elementTypes = { float32: 1, int8: 3, int64: 7 } as const;
const externalLocation = 1;
/** Operators of ONNX Runtime's own, e.g. `MultiHeadAttention`. */
const runtimeDomain = 'com.microsoft';
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** Name of a value that flows through a graph. */
export type Value = string;

/** An attribute: a whole number or list of them, a string, or a float (marked, since 1 could be either). */
export type Attribute = number | readonly number[] | string | { float: number };

/** Bytes in another file, in the folder that the model is loaded from. */
export interface ExternalBytes {
  /** The file's name. */
  location: string;
  /** Where the bytes begin in the file. */
  offset: number;
  length: number;
}

/** Writes an ONNX graph, node by node, in execution order. The values between its nodes are float32. */
export class OnnxGraph {
  readonly #name: string;
  readonly #nodes: object[] = [];
  readonly #constants: object[] = [];
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];
  #usesRuntimeDomain = false;

  constructor(name: string) {
    this.#name = name;
  }

  input(name: string, shape: readonly number[]): Value {
    this.#inputs.push(valueInfo(name, shape));
    return name;
  }

  output(name: string, value: Value, shape: readonly number[]): void {
    this.#addNode('Identity', [value], {}, [name]);
    this.#outputs.push(valueInfo(name, shape));
  }

  /** A float32 tensor; a scalar where the shape is left out. */
  constant(values: Float32Array | readonly number[] | number, shape: readonly number[] = []): Value {
    const data = Float32Array.from(typeof values === 'number' ? [values] : values);
    return this.#add({ data_type: elementTypes.float32, dims: shape, raw_data: new Uint8Array(data.buffer) });
  }

  /** A tensor whose bytes stay in their own file. */
  external(type: 'float32' | 'int8', { location, offset, length }: ExternalBytes, dims: readonly number[]): Value {
    const entries = { location, offset: String(offset), length: String(length) };
    return this.#add({
      data_type: elementTypes[type],
      dims,
      external_data: Object.entries(entries).map(([key, value]) => ({ key, value })),
      data_location: externalLocation,
    });
  }

  /** An int8 tensor. */
  bytes(values: Int8Array, dims: readonly number[]): Value {
    const raw_data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.#add({ data_type: elementTypes.int8, dims, raw_data });
  }

  /** A list of whole numbers, as shapes and axes are given. */
  integers(values: readonly number[]): Value {
    const data = BigInt64Array.from(values, BigInt);
    return this.#add({ data_type: elementTypes.int64, dims: [values.length], raw_data: new Uint8Array(data.buffer) });
  }

  node(operator: string, inputs: readonly Value[], attributes: Record<string, Attribute> = {}): Value {
    return this.nodeWithOutputs(operator, inputs, attributes, 1)[0]!;
  }

  nodeWithOutputs(
    operator: string,
    inputs: readonly Value[],
    attributes: Record<string, Attribute>,
    count: number,
  ): Value[] {
    const outputs = Array.from({ length: count }, (_, index) => `${operator}_${this.#nodes.length}_${index}`);
    this.#addNode(operator, inputs, attributes, outputs);
    return outputs;
  }

  /** A node of ONNX Runtime's own operators, with one output. */
  runtimeNode(operator: string, inputs: readonly Value[], attributes: Record<string, Attribute> = {}): Value {
    this.#usesRuntimeDomain = true;
    const output = `${operator}_${this.#nodes.length}_0`;
    this.#addNode(operator, inputs, attributes, [output], runtimeDomain);
    return output;
  }

  /** The model file's bytes; the same calls give the same bytes. */
  toBytes(opset: number): Uint8Array {
    return modelType
      .encode({
        ir_version: irVersion,
        producer_name: 'pentimento',
        graph: {
          name: this.#name,
          node: this.#nodes,
          initializer: this.#constants,
          input: this.#inputs,
          output: this.#outputs,
        },
        opset_import: [
          { domain: '', version: opset },
          ...(this.#usesRuntimeDomain ? [{ domain: runtimeDomain, version: 1 }] : []),
        ],
      })
      .finish();
  }

  #add(tensor: object): Value {
    const name = `constant_${this.#constants.length}`;
    this.#constants.push({ name, ...tensor });
    return name;
  }

  #addNode(
    operator: string,
    input: readonly Value[],
    attributes: Record<string, Attribute>,
    output: Value[],
    domain?: string,
  ): void {
    const attribute = Object.entries(attributes).map(([name, value]) => ({ name, ...encodeAttribute(value) }));
    this.#nodes.push({ op_type: operator, input, output, attribute, ...(domain ? { domain } : {}) });
  }
}

function valueInfo(name: string, shape: readonly number[]): object {
  const dim = shape.map((dim_value) => ({ dim_value }));
  return { name, type: { tensor_type: { elem_type: elementTypes.float32, shape: { dim } } } };
}

function encodeAttribute(value: Attribute): object {
  if (typeof value === 'number') return { i: value, type: attributeTypes.int };
  if (typeof value === 'string') return { s: new TextEncoder().encode(value), type: attributeTypes.string };
  if ('float' in value) return { f: value.float, type: attributeTypes.float };
  return { ints: value, type: attributeTypes.ints };
}
