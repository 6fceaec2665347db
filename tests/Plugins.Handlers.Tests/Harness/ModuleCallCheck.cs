using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>Has the kit test a module with parameters that takes several inputs, with random masks on every axis.</summary>
internal sealed class ModuleCallCheck<TModule>(TModule module, int seed, Func<TModule, Tensor[], Tensor> call)
    where TModule : nn.Module
{
    /// <summary>Shapes of the inputs, in one or more sizes.</summary>
    public required IReadOnlyList<long[][]> Sizes { get; init; }

    /// <summary>Axis of each input on which constants enter.</summary>
    public required IReadOnlyList<int> ConstantAxes { get; init; }

    /// <summary>Axis of the output on which unused indices enter.</summary>
    public required int UnusedAxis { get; init; }

    public ConstantPolicy Policy { get; init; }

    /// <summary>Runs it; says whether anything was removed.</summary>
    public bool Run()
    {
        OperatorSubject subject = Handlers.Kit.Operator(
            () => module,
            (made, inputs) => [call(made, inputs)],
            CheckInputs.Of(Sizes, position => ConstantAxes[position])
        ) with
        {
            Name = module.GetType().Name,
            OutputAxis = UnusedAxis,
            Policy = Policy,
            Masks = DrawMasks,
        };
        OperatorReport report = subject.Run(cases: 1, seed);
        report.ThrowIfFailed();
        return report.Removed > 0;
    }

    /// <summary>Slices of every axis, and single entries.</summary>
    private Dictionary<string, Tensor> DrawMasks(nn.Module made, Random random)
    {
        using Generator generator = new((ulong)seed);
        var masks = new Dictionary<string, Tensor>();
        foreach ((string name, var parameter) in made.named_parameters())
        {
            if (random.Next(3) == 0)
                continue;
            Tensor mask = rand(parameter.shape, dtype: ScalarType.Float64, generator: generator).gt(0.1).to(ScalarType.Float64);
            for (int axis = 0; axis < mask.dim(); axis++)
            {
                for (int i = 0; i < mask.shape[axis]; i++)
                {
                    if (random.NextDouble() < 0.25)
                        mask.narrow(axis, i, 1).zero_();
                }
            }
            masks[name] = mask;
        }
        return masks;
    }
}
