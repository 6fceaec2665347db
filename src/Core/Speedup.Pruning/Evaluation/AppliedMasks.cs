using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Pruning.Evaluation;

/// <summary>Masks beside the parameters that they are of, ready to be multiplied in again and again.</summary>
internal sealed class AppliedMasks : IDisposable
{
    private readonly List<(Tensor Weight, Tensor Mask)> _pairs = [];

    /// <summary>Finds the parameters.</summary>
    /// <exception cref="PruningException">A mask is of no parameter of the model, or has another shape.</exception>
    public AppliedMasks(nn.Module model, MaskSet masks)
    {
        using IDisposable noGradients = no_grad();
        Dictionary<string, nn.Module> modules = MaskAddress.ModulesOf(model);
        foreach (MaskEntry entry in masks.Entries.Select(entry => MaskAddress.Resolve(modules, entry)))
        {
            Tensor? weight = modules.TryGetValue(entry.ModulePath, out nn.Module? module)
                ? MaskAddress.FindTensor(module, entry.Parameter)
                : null;
            if (weight is null || !weight.shape.AsSpan().SequenceEqual(entry.Mask.shape))
                throw new PruningException(
                    EvaluationCodes.WrongMask,
                    $"The mask of '{entry.Parameter}' of '{entry.ModulePath}' ({string.Join('x', entry.Mask.shape)}) fits no parameter of "
                        + $"{model.GetType().Name}. Make the masks of the model as it is now."
                );
            _pairs.Add((weight, entry.Mask.to(weight.dtype, weight.device, copy: true).DetachFromDisposeScope()));
        }
    }

    /// <summary>Multiplies each parameter by its mask, in place.</summary>
    public void Apply()
    {
        using IDisposable noGradients = no_grad();
        foreach ((Tensor weight, Tensor mask) in _pairs)
            weight.mul_(mask);
    }

    /// <summary>Frees the copies; the model and the set stay.</summary>
    public void Dispose()
    {
        foreach ((Tensor _, Tensor mask) in _pairs)
            mask.Dispose();
    }
}
