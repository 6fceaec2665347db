using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Cli.Examples;

/// <summary>
/// The masked model as NNI's wrappers run it: every pass first multiplies each masked parameter by its mask, in place. That is
/// what the masked column of the latency tables times, so nothing else happens in a pass; disposing puts the weights back, bit
/// for bit.
/// </summary>
internal sealed class MaskedForward : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly List<(Tensor Parameter, Tensor Mask, Tensor Original)> _masked = [];

    /// <summary>Prepares a model; model and masks stay the caller's.</summary>
    /// <exception cref="InvalidOperationException">A mask names no parameter of the model, or has another shape.</exception>
    public MaskedForward(nn.Module<Tensor, Tensor> model, MaskSet masks)
    {
        _model = model;
        var parameters = model.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        foreach (MaskEntry entry in masks.Entries)
        {
            string name = entry.ModulePath.Length == 0 ? entry.Parameter : $"{entry.ModulePath}.{entry.Parameter}";
            if (!parameters.TryGetValue(name, out var parameter))
                throw new InvalidOperationException($"The masks name '{name}', which the model does not have.");
            if (!parameter.shape.SequenceEqual(entry.Mask.shape))
                throw new InvalidOperationException($"The mask of '{name}' is [{Join(entry.Mask)}], the parameter is [{Join(parameter)}].");
            Tensor mask = entry.Mask.to(parameter.dtype, parameter.device, copy: true).DetachFromDisposeScope();
            using Tensor value = parameter.detach();
            _masked.Add((parameter, mask, value.clone().DetachFromDisposeScope()));
        }
    }

    /// <summary>One pass of the masked model; the result belongs to the caller.</summary>
    public Tensor Forward(Tensor input)
    {
        using var _ = no_grad();
        foreach (var (parameter, mask, _) in _masked)
            parameter.mul_(mask);
        return _model.forward(input);
    }

    /// <summary>Puts the weights back.</summary>
    public void Dispose()
    {
        using var _ = no_grad();
        foreach (var (parameter, mask, original) in _masked)
        {
            parameter.copy_(original);
            mask.Dispose();
            original.Dispose();
        }
        _masked.Clear();
    }

    private static string Join(Tensor tensor) => string.Join(", ", tensor.shape);
}
