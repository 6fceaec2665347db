using Speedup.Abstractions;
using Speedup.Modules.Pruned;
using Speedup.TestKit.Operators;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

/// <summary>The transformer modules, with random units and heads masked, in fields that can hold any module or only their own type.</summary>
public sealed class TransformerHandlerTests
{
    private const int Width = 12;
    private const int Units = 9;
    private const int Seeds = 12;

    public static MatrixTheoryData<string, bool> Cases =>
        new(["EncoderLayer", "DecoderLayer", "Encoder", "Decoder", "Transformer"], [false, true]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Transformer_RandomMasks_IsExact(string kind, bool isNarrow)
    {
        int smaller = 0;
        for (int seed = 0; seed < Seeds; seed++)
            smaller += Run(kind, isNarrow, seed) ? 1 : 0;

        Assert.True(smaller > Seeds / 2, $"{smaller} of {Seeds} became smaller");
    }

    [Fact]
    public void Transformer_WhoseHeadsCannotBeFoundOut_StaysWithAReason()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using TransformerEncoderLayer module = nn.TransformerEncoderLayer(Width, 3, Units);
        module.eval();
        Parameter output = module.named_parameters(recurse: false).Single(entry => entry.name == "self_attn.out_proj.weight").parameter;
        output.zero_(); // any number of heads gives the same result
        Tensor mask = ones(Units, Width);
        mask.narrow(0, 2, 3).fill_(0);
        Dictionary<string, Tensor> masks = new() { ["linear1.weight"] = mask };
        LoneOperator op = MakeOperator(module, masks, [randn(4, 2, Width)], null);
        IModuleHandler handler = Harness.Handlers.For(module.GetType());

        handler.Constrain(op);

        Assert.Null(handler.Replace(op));
        Assert.Contains("could not be found out", Assert.Single(op.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PrunedTransformer_MovedToAnotherType_ComputesInIt(bool isDecoder)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using nn.Module native = isDecoder ? nn.TransformerDecoderLayer(Width, 3, Units) : nn.TransformerEncoderLayer(Width, 3, Units);
        native.eval();
        Dictionary<string, Tensor> masks = new() { ["self_attn.out_proj.weight"] = ones(Width, Width) };
        masks["self_attn.out_proj.weight"].narrow(1, 0, 4).fill_(0);
        LoneOperator op = MakeOperator(native, masks, [.. Enumerable.Range(0, 2).Select(_ => randn(4, 2, Width))], null);

        using nn.Module small = Harness.Handlers.For(native.GetType()).Replace(op)!.Build()!;
        small.to(ScalarType.Float64);
        Tensor[] inputs = [.. Enumerable.Range(0, 2).Select(_ => randn([4, 2, Width], dtype: ScalarType.Float64))];

        Assert.IsAssignableFrom<IPrunedTransformer>(small);
        Assert.Equal(ScalarType.Float64, Call(small, inputs).dtype);
    }

    private static bool Run(string kind, bool isNarrow, int seed)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        manual_seed(seed);
        var random = new Random(seed);
        using nn.Module module = Create(kind, random).to(ScalarType.Float64);
        module.eval();
        (string Name, Parameter Value)[] state = [.. module.named_parameters(recurse: false)];
        foreach ((string name, Parameter value) in state)
            value.normal_(0, 0.6);
        var dense = state.ToDictionary(entry => entry.Name, entry => entry.Value.clone());
        var masks = state.ToDictionary(entry => entry.Name, entry => DrawMask(entry.Name, entry.Value, random));
        Tensor[] inputs = [.. Enumerable.Range(0, 2).Select(k => randn([4 + k, 2, Width], dtype: ScalarType.Float64))];
        LoneOperator op = MakeOperator(module, masks, inputs, isNarrow ? "a field" : null);
        IModuleHandler handler = Harness.Handlers.For(module.GetType());

        handler.Constrain(op);
        SmallModule? replacement = handler.Replace(op);
        bool shrinks = replacement?.ShrinksInside == true;
        using nn.Module? small = replacement?.Build();
        small?.eval();

        Assert.Equal(shrinks, small is not null);
        Assert.All(state, entry => Assert.True(dense[entry.Name].equal(entry.Value).all().ToBoolean(), $"{entry.Name} has changed"));
        if (small is null)
            return false;
        Assert.True(!isNarrow || small.GetType() == module.GetType());
        Assert.True(small.parameters().Sum(parameter => parameter.numel()) < module.parameters().Sum(parameter => parameter.numel()));
        foreach ((string name, Parameter value) in state)
            value.mul_(masks[name]);
        foreach (long batch in new[] { 2L, 3 })
        {
            Tensor[] others = [.. Enumerable.Range(0, 2).Select(k => randn([5 - k, batch, Width], dtype: ScalarType.Float64))];
            AssertEqual(Call(module, others), Call(small, others));
            AssertEqual(CallMasked(module, others), CallMasked(small, others));
        }
        return true;
    }

    private static nn.Module Create(string kind, Random random)
    {
        nn.Activations activation = random.Next(2) == 0 ? nn.Activations.ReLU : nn.Activations.GELU;
        int heads = random.Next(2) == 0 ? 3 : 4;
        switch (kind)
        {
            case "EncoderLayer":
                return nn.TransformerEncoderLayer(Width, heads, Units, 0.1, activation);
            case "DecoderLayer":
                return nn.TransformerDecoderLayer(Width, heads, Units, 0.1, activation);
            case "Encoder":
                using (TransformerEncoderLayer layer = nn.TransformerEncoderLayer(Width, heads, Units, 0.1, activation))
                    return nn.TransformerEncoder(layer, 2);
            case "Decoder":
                using (TransformerDecoderLayer layer = nn.TransformerDecoderLayer(Width, heads, Units, 0.1, activation))
                    return nn.TransformerDecoder(layer, 2);
            default:
                return nn.Transformer(Width, heads, 1, 2, Units, 0.1, activation);
        }
    }

    /// <summary>Hidden units, blocks of attention that are heads or parts of them, and single entries.</summary>
    private static Tensor DrawMask(string name, Tensor value, Random random)
    {
        Tensor mask = rand(value.shape, dtype: ScalarType.Float64).gt(0.1).to(ScalarType.Float64);
        if (name.EndsWith("linear1.weight", StringComparison.Ordinal) || name.EndsWith("linear2.weight", StringComparison.Ordinal))
        {
            int axis = name.EndsWith("linear1.weight", StringComparison.Ordinal) ? 0 : 1;
            for (int unit = 0; unit < Units; unit++)
            {
                if (random.NextDouble() < 0.3)
                    mask.narrow(axis, unit, 1).fill_(0);
            }
        }
        bool isInput = name.EndsWith("in_proj_weight", StringComparison.Ordinal);
        if (isInput || name.EndsWith("out_proj.weight", StringComparison.Ordinal))
        {
            int start = random.Next(4) * 3;
            mask.narrow(isInput ? 0 : 1, (isInput ? 2 * Width : 0) + start, Math.Min(random.Next(1, 9), Width - start)).fill_(0);
        }
        return mask;
    }

    private static LoneOperator MakeOperator(nn.Module module, Dictionary<string, Tensor> masks, Tensor[] inputs, string? place)
    {
        IEnumerable<ParameterFacts> facts = module
            .named_parameters(recurse: false)
            .Select(entry => new ParameterFacts(entry.name, entry.parameter, masks.GetValueOrDefault(entry.name)));
        Tensor output = Call(module, inputs);
        return new LoneOperator(inputs, [output], facts) { Module = module, NarrowPlace = place };
    }

    private static Tensor Call(nn.Module module, Tensor[] x) =>
        module switch
        {
            nn.Module<Tensor, Tensor> layer => layer.call(x[0]),
            nn.Module<Tensor, Tensor, Tensor> whole => whole.call(x[0], x[1]),
            nn.Module<Tensor, Tensor, Tensor, Tensor> stack => stack.call(x[0], null!, null!),
            nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor> decoder => decoder.call(
                x[0],
                x[1],
                null!,
                null!,
                null!,
                null!
            ),
            _ => throw new ArgumentException(module.GetType().Name),
        };

    /// <summary>The same with all masks that the module takes.</summary>
    private static Tensor CallMasked(nn.Module module, Tensor[] x)
    {
        Tensor own = randn([x[0].shape[0], x[0].shape[0]], dtype: ScalarType.Float64, generator: new Generator(1));
        Tensor other = randn([x[0].shape[0], x[1].shape[0]], dtype: ScalarType.Float64, generator: new Generator(2));
        Tensor padding = zeros([x[0].shape[1], x[0].shape[0]], dtype: ScalarType.Bool);
        padding.narrow(1, 0, 1).fill_(true);
        Tensor otherPadding = zeros([x[0].shape[1], x[1].shape[0]], dtype: ScalarType.Bool);
        otherPadding.narrow(1, 1, 2).fill_(true);
        return module switch
        {
            nn.Module<Tensor, Tensor> layer => ((nn.IModule<Tensor, Tensor, Tensor, Tensor>)layer).call(x[0], own, padding),
            nn.Module<Tensor, Tensor, Tensor, Tensor> stack => stack.call(x[0], own, padding),
            nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor> decoder => decoder.call(
                x[0],
                x[1],
                own,
                other,
                padding,
                otherPadding
            ),
            _ => Call(module, x),
        };
    }

    private static void AssertEqual(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        double error = (expected - actual).abs().max().ToDouble();
        Assert.True(error <= 1e-11 * (1 + expected.abs().max().ToDouble()), $"off by {error}");
    }
}
