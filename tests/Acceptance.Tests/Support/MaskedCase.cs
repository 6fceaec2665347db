using EndToEnd.Tests;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Acceptance.Tests.Support;

/// <summary>
/// Speeds a model up and compares it with the masked one, in float64 and float32, on inputs that the engine has not seen, and does it
/// again, which must change nothing.
/// </summary>
internal static class MaskedCase
{
    /// <summary>Runs a case.</summary>
    /// <param name="create">Makes the model; its parameters are drawn anew.</param>
    /// <param name="mask">Entries to prune, by path, parameter, axis and indices.</param>
    /// <param name="inputs">Inputs of the model, the example first.</param>
    /// <returns>The report and the shapes of the small model's parameters, of the float64 run.</returns>
    public static (SpeedupReport Report, Dictionary<string, long[]> Shapes) Run<TModel>(
        Func<TModel> create,
        IReadOnlyList<(string Path, string Parameter, int Axis, int[] Indices)> mask,
        params long[][] inputs
    )
        where TModel : nn.Module<Tensor, Tensor>
    {
        Run(create, mask, ScalarType.Float32, 1e-5, inputs);
        return Run(create, mask, ScalarType.Float64, 1e-11, inputs);
    }

    /// <summary>Consecutive indices.</summary>
    public static int[] Range(int start, int count) => [.. Enumerable.Range(start, count)];

    private static (SpeedupReport Report, Dictionary<string, long[]> Shapes) Run<TModel>(
        Func<TModel> create,
        IReadOnlyList<(string Path, string Parameter, int Axis, int[] Indices)> mask,
        ScalarType type,
        double tolerance,
        long[][] inputs
    )
        where TModel : nn.Module<Tensor, Tensor>
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using TModel masked = Draw(create, type);
        using TModel small = Draw(create, type);
        using MaskSet masks = Masks(small, mask);
        Numbers.ApplyMasks(masked, masks);
        Tensor[] samples = [.. inputs.Select(shape => randn(shape, dtype: type))];

        SpeedupReport report = Engine.Shared.Speedup(small, [samples[0]], masks);

        foreach (Tensor sample in samples)
        {
            double error = Numbers.RelativeError(masked.forward(sample), small.forward(sample));
            Assert.True(error <= tolerance, $"{type}, [{string.Join(',', sample.shape)}]: relative error {error}");
        }
        Snapshot before = Snapshot.Of(small);
        Engine.Shared.Speedup(small, [samples[0]], MaskSet.Empty);
        Assert.Empty(before.Differences(Snapshot.Of(small)));
        return (report, small.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.shape));
    }

    private static TModel Draw<TModel>(Func<TModel> create, ScalarType type)
        where TModel : nn.Module<Tensor, Tensor>
    {
        manual_seed(7);
        TModel model = create();
        model.eval();
        foreach ((string name, Parameter parameter) in model.named_parameters())
        {
            if (parameter.dim() > 1)
                parameter.normal_(0, 0.4);
            else if (name.Contains("norm", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal))
                parameter.uniform_(0.6, 1.4);
            else
                parameter.normal_(0, 0.1);
        }
        model.to(type);
        return model;
    }

    private static MaskSet Masks(nn.Module model, IReadOnlyList<(string Path, string Parameter, int Axis, int[] Indices)> mask)
    {
        Dictionary<string, Parameter> parameters = model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        return new MaskSet(
            mask.GroupBy(entry => (entry.Path, entry.Parameter))
                .Select(group =>
                {
                    Tensor ones = TorchSharp.torch.ones(parameters[$"{group.Key.Path}.{group.Key.Parameter}".TrimStart('.')].shape);
                    foreach (var entry in group)
                    foreach (int i in entry.Indices)
                        ones.narrow(entry.Axis, i, 1).fill_(0);
                    return new MaskEntry(group.Key.Path, group.Key.Parameter, ones.DetachFromDisposeScope());
                })
                .ToArray()
        );
    }
}
