using Speedup.Abstractions;
using Speedup.TestKit.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.TestKit.Operators;

/// <summary>Random parameters, buffers and masks of a module.</summary>
internal static class RandomState
{
    private const double Lines = 0.3;
    private const double Entries = 0.1;
    private const double LeastVariance = 0.2;
    private const double LargestVariance = 3;

    /// <summary>Gives all parameters and buffers of real numbers other values; running variances stay positive.</summary>
    public static void Fill(nn.Module module, Cases.Values values)
    {
        foreach ((string name, Tensor value) in Bits.Of(module).Where(entry => entry.Value.is_floating_point()))
        {
            Tensor drawn = name.EndsWith("running_var", StringComparison.Ordinal)
                ? values.Uniform(value.shape, ScalarType.Float64, LeastVariance, LargestVariance)
                : values.Normal(value.shape, ScalarType.Float64);
            value.copy_(drawn);
        }
    }

    /// <summary>Masks rows, columns and single entries of some of the parameters.</summary>
    public static Dictionary<string, Tensor> DrawMasks(nn.Module module, CaseDraw draw)
    {
        var masks = new Dictionary<string, Tensor>();
        foreach ((string name, Parameter parameter) in module.named_parameters())
        {
            if (draw.Random.Next(3) == 0)
                continue;
            Tensor mask = draw.Values.Mask(parameter.shape, ScalarType.Float64, Entries);
            for (int axis = 0; axis < Math.Min(2, mask.dim()); axis++)
            for (int i = 0; i < mask.shape[axis]; i++)
            {
                if (draw.Random.NextDouble() < Lines)
                    mask.narrow(axis, i, 1).zero_();
            }
            masks[name] = mask;
        }
        return masks;
    }

    /// <summary>Multiplies masks into a module, until the result is disposed.</summary>
    public static IDisposable Mask(nn.Module module, IReadOnlyList<ParameterFacts> state) => new MaskedState(module, state);

    private sealed class MaskedState : IDisposable
    {
        private readonly List<(Tensor Value, Tensor Dense)> _changed = [];

        public MaskedState(nn.Module module, IReadOnlyList<ParameterFacts> state)
        {
            foreach (((_, Tensor value), ParameterFacts facts) in Bits.Of(module).Zip(state).Where(entry => entry.Second.IsMasked))
            {
                _changed.Add((value, value.clone()));
                using Tensor masked = facts.Masked();
                value.copy_(masked);
            }
        }

        public void Dispose()
        {
            foreach ((Tensor value, Tensor dense) in _changed)
            {
                value.copy_(dense);
                dense.Dispose();
            }
        }
    }
}
