using static TorchSharp.torch;

namespace Speedup.Pruning.Evaluation;

/// <summary>Parameters, buffers and training flags of a model as they were, to be put back bit for bit.</summary>
internal sealed class ModelState : IDisposable
{
    private readonly (Tensor Tensor, Tensor Copy)[] _tensors;
    private readonly (nn.Module Module, bool IsTraining)[] _flags;

    /// <summary>Copies them.</summary>
    public ModelState(nn.Module model)
    {
        using IDisposable noGradients = no_grad();
        _tensors =
        [
            .. model
                .parameters()
                .Concat(model.buffers())
                .Where(tensor => !tensor.IsInvalid)
                .Select(tensor => (tensor, tensor.detach().clone().DetachFromDisposeScope())),
        ];
        _flags = [.. model.named_modules().Select(item => (item.module, item.module.training)), (model, model.training)];
    }

    /// <summary>Puts them back.</summary>
    public void Restore()
    {
        using IDisposable noGradients = no_grad();
        foreach ((Tensor tensor, Tensor copy) in _tensors)
            tensor.copy_(copy);
        foreach ((nn.Module module, bool isTraining) in _flags.Reverse().Concat(_flags)) // a flag that is set goes down to the children
        {
            if (module.training != isTraining)
                module.train(isTraining);
        }
    }

    /// <summary>Frees the copies.</summary>
    public void Dispose()
    {
        foreach ((Tensor _, Tensor copy) in _tensors)
            copy.Dispose();
    }
}
