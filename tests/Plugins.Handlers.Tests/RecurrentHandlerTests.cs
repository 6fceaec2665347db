using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

public sealed class RecurrentHandlerTests
{
    private const int Seeds = 40;
    private const int Features = 4;
    private const int Units = 6;

    [Theory]
    [InlineData("LSTM", 1, false)]
    [InlineData("LSTM", 2, true)]
    [InlineData("LSTM", 3, false)]
    [InlineData("GRU", 1, false)]
    [InlineData("GRU", 2, true)]
    [InlineData("RNN", 1, false)]
    [InlineData("RNN", 2, true)]
    public void Layers_RandomUnits_AreExact(string kind, int layers, bool bidirectional)
    {
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            bool hasBias = seed % 3 != 0;
            bool batchFirst = seed % 2 == 0;
            bool hasState = seed % 5 == 0;
            int states = kind == "LSTM" ? 2 : 1;
            using nn.Module module = Create(kind, layers, bidirectional, hasBias, batchFirst, seed);
            long[] state = [layers * (bidirectional ? 2 : 1), 2, Units];
            removed += new RecurrentCheck(module, seed, Run)
            {
                Sizes = [Sizes(5), Sizes(9)],
                StateIsZero = seed % 10 == 0,
                Unread = seed % 4 == 0 ? new HashSet<int>() : new HashSet<int>(Enumerable.Range(1, states)),
            }.Run()
                ? 1
                : 0;

            long[][] Sizes(long steps) =>
                [batchFirst ? [2, steps, Features] : [steps, 2, Features], .. hasState ? Enumerable.Repeat(state, states) : []];
        }

        Assert.True(removed > Seeds / 3, $"removed something in {removed} of {Seeds} cases");
    }

    [Theory]
    [InlineData("LSTMCell")]
    [InlineData("GRUCell")]
    [InlineData("RNNCell")]
    public void Cells_RandomUnits_AreExact(string kind)
    {
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            using nn.Module module = Create(kind, 1, false, seed % 3 != 0, false, seed);
            // TorchSharp's LSTMCell fails without a state
            int states = kind == "LSTMCell" ? 2 : Math.Min(1, seed % 3);
            long[][] sizes =
            [
                [3, Features],
                .. Enumerable.Repeat(new long[] { 3, Units }, states),
            ];
            removed += new RecurrentCheck(module, seed, Run) { Sizes = [sizes], StateIsZero = seed % 2 == 0 }.Run() ? 1 : 0;
        }

        Assert.True(removed > Seeds / 3, $"removed something in {removed} of {Seeds} cases");
    }

    [Fact]
    public void Lstm_WithBiasOfTheContentGate_KeepsTheUnit()
    {
        Assert.Empty(RemovedUnits(maskBias: false));
        Assert.Equal([1, 4], RemovedUnits(maskBias: true));
    }

    private static int[] RemovedUnits(bool maskBias)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using LSTM module = nn.LSTM(Features, Units);
        Tensor input = randn(5, 2, Features);
        ParameterFacts[] facts =
        [
            .. module
                .named_parameters()
                .Select(entry =>
                {
                    Tensor mask = ones_like(entry.parameter);
                    foreach (int unit in new[] { 1, 4 })
                    {
                        for (int gate = 0; gate < 4 && (maskBias || mask.dim() > 1); gate++)
                            mask.narrow(0, (gate * Units) + unit, 1).fill_(0);
                    }
                    return new ParameterFacts(entry.name, entry.parameter, mask);
                }),
        ];
        var op = new LoneOperator([input], Run(module, [input]), facts) { Module = module };
        IModuleHandler handler = Harness.Handlers.For(typeof(LSTM));
        handler.InferFromWeight(op);
        return [.. Enumerable.Range(0, Units).Where(op.Output(0)[-1].IsConstant)];
    }

    private static nn.Module Create(string kind, int layers, bool bidirectional, bool bias, bool batchFirst, int seed)
    {
        nn.NonLinearities function = seed % 4 < 2 ? nn.NonLinearities.ReLU : nn.NonLinearities.Tanh;
        return kind switch
        {
            "LSTM" => nn.LSTM(Features, Units, layers, bias, batchFirst, bidirectional: bidirectional),
            "GRU" => nn.GRU(Features, Units, layers, bias, batchFirst, bidirectional: bidirectional),
            "RNN" => nn.RNN(Features, Units, layers, function, bias, batchFirst, bidirectional: bidirectional),
            "LSTMCell" => nn.LSTMCell(Features, Units, bias),
            "GRUCell" => nn.GRUCell(Features, Units, bias),
            _ => nn.RNNCell(Features, Units, function, bias),
        };
    }

    private static Tensor[] Run(nn.Module module, Tensor[] inputs)
    {
        (Tensor, Tensor)? states = inputs.Length > 2 ? (inputs[1], inputs[2]) : null;
        Tensor state = inputs.Length > 1 ? inputs[1] : null!;
        switch (module)
        {
            case LSTM lstm:
                var (y, h, c) = lstm.call(inputs[0], states);
                return [y, h, c];
            case GRU gru:
                var (sequence, last) = gru.call(inputs[0], state);
                return [sequence, last];
            case RNN rnn:
                var (steps, final) = rnn.call(inputs[0], state);
                return [steps, final];
            case LSTMCell cell:
                var (hidden, carry) = cell.call(inputs[0], states);
                return [hidden, carry];
            case GRUCell cell:
                return [cell.call(inputs[0], state)];
            default:
                return [((RNNCell)module).call(inputs[0], state)];
        }
    }
}
