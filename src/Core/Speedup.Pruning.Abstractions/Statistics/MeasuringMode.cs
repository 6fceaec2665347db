using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>Evaluation mode for as long as it lives; then flags and buffers are what they were.</summary>
internal sealed class MeasuringMode : IDisposable
{
    private readonly (nn.Module Module, bool IsTraining)[] _flags;
    private readonly (Tensor Buffer, Tensor Copy)[] _buffers;

    public MeasuringMode(nn.Module model)
    {
        using var noGradient = no_grad();
        _flags = [(model, model.training), .. model.named_modules().Select(item => (item.module, item.module.training))];
        _buffers =
        [
            .. model.buffers().Where(buffer => !buffer.IsInvalid).Select(buffer => (buffer, buffer.clone().DetachFromDisposeScope())),
        ];
        model.eval();
    }

    public void Dispose()
    {
        using var noGradient = no_grad();
        foreach ((nn.Module module, bool isTraining) in _flags.Reverse()) // parents last: a flag that is set goes down to the children
            if (module.training != isTraining)
                module.train(isTraining);
        foreach ((nn.Module module, bool isTraining) in _flags)
            if (module.training != isTraining)
                module.train(isTraining);
        foreach ((Tensor buffer, Tensor copy) in _buffers)
        {
            buffer.copy_(copy);
            copy.Dispose();
        }
    }
}
