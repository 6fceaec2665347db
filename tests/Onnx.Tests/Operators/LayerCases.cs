using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Onnx.Tests.Operators;

/// <summary>Modules with their options.</summary>
public sealed class LayerCases
{
    private static readonly long[] Signal = [2, 6, 9];
    private static readonly long[] Image = [2, 6, 8, 9];
    private static readonly long[] Volume = [2, 6, 5, 6, 7];

    private static readonly Dictionary<string, OperatorCase> All = new(StringComparer.Ordinal)
    {
        ["Conv1d"] = Float(() => nn.Conv1d(6, 4, 3, padding: 1), Signal),
        ["Conv2d"] = Float(() => nn.Conv2d(6, 4, (3, 2), stride: (2, 1), padding: (1, 0)), Image),
        ["Conv2d without bias"] = Float(() => nn.Conv2d(6, 4, 3, bias: false), Image),
        ["Conv2d with groups"] = Float(() => nn.Conv2d(6, 9, 3, groups: 3, dilation: 2), Image),
        ["Conv2d, depthwise"] = Float(() => nn.Conv2d(6, 6, 3, groups: 6, padding: 1), Image),
        ["Conv2d, same"] = Float(() => nn.Conv2d(6, 4, 4, padding: Padding.Same), Image),
        ["Conv2d, valid"] = Float(() => nn.Conv2d(6, 4, 3, padding: Padding.Valid), Image),
        ["Conv2d, reflecting"] = Float(() => nn.Conv2d(6, 4, 3, padding: 1, padding_mode: PaddingModes.Reflect), Image),
        ["Conv2d, repeating"] = Float(() => nn.Conv2d(6, 4, 3, padding: 1, padding_mode: PaddingModes.Replicate), Image),
        ["Conv3d"] = Float(() => nn.Conv3d(6, 3, 3, padding: 1), Volume),
        ["ConvTranspose1d"] = Float(() => nn.ConvTranspose1d(6, 4, 3, stride: 2), Signal),
        ["ConvTranspose2d"] = Float(() => nn.ConvTranspose2d(6, 4, 3, stride: 2, padding: 1, output_padding: 1), Image),
        ["ConvTranspose2d with groups"] = Float(() => nn.ConvTranspose2d(6, 4, 3, groups: 2, dilation: 2), Image),
        ["ConvTranspose3d"] = Float(() => nn.ConvTranspose3d(6, 3, 2, stride: 2), Volume),
        ["BatchNorm1d of rows"] = Of(() => nn.BatchNorm1d(6), 4, 6),
        ["BatchNorm1d"] = Of(() => nn.BatchNorm1d(6, eps: 1e-3), Signal),
        ["BatchNorm2d"] = Of(() => nn.BatchNorm2d(6), Image),
        ["BatchNorm2d without weights"] = Of(() => nn.BatchNorm2d(6, affine: false), Image),
        ["BatchNorm2d of the batch"] = Of(() => nn.BatchNorm2d(6, track_running_stats: false), Image),
        ["BatchNorm3d"] = Of(() => nn.BatchNorm3d(6), Volume),
        ["InstanceNorm1d"] = Of(() => nn.InstanceNorm1d(6, affine: true), Signal),
        ["InstanceNorm2d"] = Of(() => nn.InstanceNorm2d(6), Image),
        ["InstanceNorm2d by statistics"] = Of(() => nn.InstanceNorm2d(6, affine: true, track_running_stats: true), Image),
        ["InstanceNorm3d"] = Of(() => nn.InstanceNorm3d(6, affine: true), Volume),
        ["LayerNorm"] = Of(() => nn.LayerNorm([9]), Signal),
        ["LayerNorm of two axes"] = Of(() => nn.LayerNorm([6, 9]), Signal),
        ["LayerNorm without weights"] = Of(() => nn.LayerNorm([9], elementwise_affine: false), Signal),
        ["GroupNorm"] = Of(() => nn.GroupNorm(3, 6), Image),
        ["GroupNorm without weights"] = Of(() => nn.GroupNorm(2, 6, affine: false), Signal),
        ["LocalResponseNorm"] = Of(() => nn.LocalResponseNorm(3, 0.2, 0.6, 1.5), Image),
        ["Linear"] = Of(() => nn.Linear(6, 5), 4, 6),
        ["Linear on sequences"] = Of(() => nn.Linear(9, 5), Signal),
        ["Linear without bias"] = Of(() => nn.Linear(6, 5, hasBias: false), 4, 6),
        ["Bilinear"] = Float(
            () => nn.Bilinear(6, 4, 5),
            (module, inputs) => [((Bilinear)module).call(inputs[0], inputs[1])],
            [3, 6],
            [3, 4]
        ) with
        {
            HasDouble = true,
        },
        ["Embedding"] = new OperatorCase(_ => [], [2, 7])
        {
            Module = () => nn.Embedding(5, 4),
            Call = (module, inputs) => [((Embedding)module).call(inputs[0])],
            IsWhole = true,
        },
        ["MaxPool1d"] = Of(() => nn.MaxPool1d(3, 2, 1), Signal),
        ["MaxPool2d"] = Of(() => nn.MaxPool2d(3, stride: 2, padding: 1), Image),
        ["MaxPool2d, dilated"] = Of(() => nn.MaxPool2d(2, stride: 1, dilation: 2), Image),
        ["MaxPool2d, ceil"] = Of(() => nn.MaxPool2d(3, stride: 2, ceil_mode: true), Image),
        ["MaxPool3d"] = Of(() => nn.MaxPool3d(2), Volume),
        ["AvgPool1d"] = Float(() => nn.AvgPool1d(3, 2, 1), Signal),
        ["AvgPool2d"] = Float(() => nn.AvgPool2d(3, stride: 2, padding: 1), Image),
        ["AvgPool2d without the border"] = Float(() => nn.AvgPool2d(3, stride: 2, padding: 1, count_include_pad: false), Image),
        ["AvgPool2d with a divisor"] = Float(() => nn.AvgPool2d(2, divisor_override: 3), Image),
        ["AvgPool3d"] = Float(() => nn.AvgPool3d(2), Volume),
        ["AdaptiveAvgPool1d"] = Of(() => nn.AdaptiveAvgPool1d(4), Signal),
        ["AdaptiveAvgPool2d to one"] = Of(() => nn.AdaptiveAvgPool2d(1), Image),
        ["AdaptiveAvgPool2d"] = Of(() => nn.AdaptiveAvgPool2d([3, 4]), Image),
        ["AdaptiveMaxPool2d"] = Of(() => nn.AdaptiveMaxPool2d([3, 4]), Image),
        ["AdaptiveAvgPool3d"] = Of(() => nn.AdaptiveAvgPool3d([2, 2, 3]), Volume),
        ["ReflectionPad2d"] = Of(() => nn.ReflectionPad2d((1, 2, 0, 1)), Image),
        ["ReplicationPad1d"] = Of(() => nn.ReplicationPad1d((1, 2)), Signal),
        ["ConstantPad2d"] = Of(() => nn.ConstantPad2d((1, 0, 2, 1), 0.7), Image),
        ["ZeroPad2d"] = Of(() => nn.ZeroPad2d((1, 0, 2, 1)), Image),
        ["ReflectionPad1d, one number"] = Of(() => nn.ReflectionPad1d(2), Signal),
        ["Upsample"] = Float(() => nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Nearest), Image),
        ["Upsample, bilinear"] = Float(() => nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false), Image),
        ["Upsample, aligned"] = Float(() => nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: true), Image),
        ["Upsample to a size"] = Float(() => nn.Upsample(size: [5, 12], mode: UpsampleMode.Bilinear), Image),
        ["PixelShuffle"] = Of(() => nn.PixelShuffle(2), 2, 8, 3, 4),
        ["PixelUnshuffle"] = Of(() => nn.PixelUnshuffle(2), 2, 3, 6, 8),
        ["ChannelShuffle"] = Of(() => nn.ChannelShuffle(3), Image),
        ["Flatten"] = Of(() => nn.Flatten(1, 2), Image),
        ["Unflatten"] = Of(() => nn.Unflatten(1, [2, 3]), Image),
        ["PReLU"] = Float(() => nn.PReLU(6), Image),
        ["PReLU, one slope"] = Float(() => nn.PReLU(1), Image),
        ["ReLU in place"] = Of(() => nn.ReLU(inplace: true), Image),
        ["GELU by tanh"] = Of(() => nn.GELU(approximate: GELU.Approximate.tanh), Signal),
        ["GLU"] = Of(() => nn.GLU(1), Signal),
        ["Softmax2d"] = Of(() => nn.Softmax2d(), Image),
        ["LogSoftmax"] = Of(() => nn.LogSoftmax(1), Signal),
        ["Dropout"] = Of(() => nn.Dropout(0.3), Signal),
        ["LSTM"] = Recur(() => nn.LSTM(6, 5, numLayers: 2), (module, x) => Three(((LSTM)module).call(x, null)), 7, 2, 6),
        ["LSTM, both ways, batch first"] = Recur(
            () => nn.LSTM(6, 5, numLayers: 2, bidirectional: true, batchFirst: true),
            (module, x) => Three(((LSTM)module).call(x, null)),
            2,
            7,
            6
        ),
        ["GRU"] = Recur(() => nn.GRU(6, 5, numLayers: 2, bidirectional: true), (module, x) => Pair(((GRU)module).call(x, null)), 7, 2, 6),
        ["GRU without bias"] = Recur(() => nn.GRU(6, 5, bias: false), (module, x) => Pair(((GRU)module).call(x, null)), 7, 2, 6),
        ["RNN"] = Recur(() => nn.RNN(6, 5, numLayers: 2), (module, x) => Pair(((RNN)module).call(x, null)), 7, 2, 6),
        ["RNN by ReLU"] = Recur(
            () => nn.RNN(6, 5, nonLinearity: nn.NonLinearities.ReLU),
            (module, x) => Pair(((RNN)module).call(x, null)),
            7,
            2,
            6
        ),
        ["LSTMCell"] = Float(
            () => nn.LSTMCell(6, 5),
            (module, inputs) => Pair(((LSTMCell)module).call(inputs[0], (inputs[1], inputs[2]))),
            [4, 6],
            [4, 5],
            [4, 5]
        ),
        ["GRUCell"] = Recur(() => nn.GRUCell(6, 5), (module, x) => [((GRUCell)module).call(x, null!)], 4, 6),
        ["RNNCell"] = Recur(() => nn.RNNCell(6, 5), (module, x) => [((RNNCell)module).call(x, null!)], 4, 6),
        ["LSTM with a state"] = Float(
            () => nn.LSTM(6, 5, numLayers: 2),
            (module, inputs) => Three(((LSTM)module).call(inputs[0], (inputs[1], inputs[2]))),
            [7, 3, 6],
            [2, 3, 5],
            [2, 3, 5]
        ),
        ["TransformerEncoderLayer"] = Of(() => nn.TransformerEncoderLayer(8, 2, 12), 5, 3, 8),
        ["TransformerEncoder"] = Recur(
            () => nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 12, activation: nn.Activations.ReLU), 2),
            (module, x) => [((TransformerEncoder)module).call(x, null, null)],
            5,
            3,
            8
        ) with
        {
            HasDouble = true,
        },
        ["TransformerDecoder"] = Float(
            () => nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 4, 12, activation: nn.Activations.ReLU), 2),
            (module, inputs) => [((TransformerDecoder)module).call(inputs[0], inputs[1], null, null, null, null)],
            [5, 3, 8],
            [6, 3, 8]
        ) with
        {
            HasDouble = true,
        },
        ["Transformer"] = Float(
            () => nn.Transformer(8, 2, 2, 1, 12),
            (module, inputs) => [((Transformer)module).call(inputs[0], inputs[1])],
            [5, 3, 8],
            [6, 3, 8]
        ) with
        {
            HasDouble = true,
        },
        ["MultiheadAttention"] = Attend(() => nn.MultiheadAttention(6, 3)),
        ["MultiheadAttention without bias"] = Attend(() => nn.MultiheadAttention(6, 2, bias: false)),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Module_InOnnxRuntime_IsTorchSharps(string name) => OperatorRun.Check(All[name]);

    private static OperatorCase Of(Func<nn.Module<Tensor, Tensor>> create, params long[] shape) =>
        new(_ => [], shape) { Module = create, Call = (module, inputs) => [((nn.Module<Tensor, Tensor>)module).call(inputs[0])] };

    /// <summary>ONNX Runtime has no kernel for float64.</summary>
    private static OperatorCase Float(Func<nn.Module<Tensor, Tensor>> create, params long[] shape) =>
        Of(create, shape) with
        {
            HasDouble = false,
        };

    private static OperatorCase Float(Func<nn.Module> create, Func<nn.Module, Tensor[], Tensor[]> call, params long[][] shapes) =>
        new(_ => [], shapes)
        {
            Module = create,
            Call = call,
            HasDouble = false,
        };

    private static OperatorCase Attend(Func<MultiheadAttention> create) =>
        new(_ => [], [5, 2, 6])
        {
            Module = create,
            Call = (module, inputs) =>
            {
                (Tensor output, Tensor weights) = ((MultiheadAttention)module).call(inputs[0], inputs[0], inputs[0], null, true, null);
                return [output, weights];
            },
        };

    /// <summary>ONNX Runtime has no kernels of recurrent layers for float64.</summary>
    private static OperatorCase Recur(Func<nn.Module> create, Func<nn.Module, Tensor, Tensor[]> call, params long[] shape) =>
        Float(create, (module, inputs) => call(module, inputs[0]), shape);

    private static Tensor[] Pair((Tensor First, Tensor Second) results) => [results.First, results.Second];

    private static Tensor[] Three((Tensor First, Tensor Second, Tensor Third) results) => [results.First, results.Second, results.Third];
}
