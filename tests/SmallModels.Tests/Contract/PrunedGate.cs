using Speedup.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SmallModels.Tests.Contract;

/// <summary>What a gate becomes: a class of its own, with a tensor that is not registered and a factor in a field.</summary>
internal sealed class PrunedGate : nn.Module<Tensor, Tensor>, ISavableModule
{
    private readonly Parameter scale;
    private readonly Tensor offset;
    private readonly double factor;

    public PrunedGate(double factor, Tensor scale, Tensor offset, string? note = null)
        : base(nameof(PrunedGate))
    {
        this.factor = factor;
        this.scale = new Parameter(scale);
        this.offset = offset.DetachFromDisposeScope();
        Note = note ?? "none";
        RegisterComponents();
    }

    public string Note { get; }

    IReadOnlyDictionary<string, object?> ISavableModule.Arguments =>
        new Dictionary<string, object?>
        {
            ["factor"] = factor,
            ["scale"] = scale,
            ["offset"] = offset,
        };

    public override Tensor forward(Tensor input) => (input * scale.view(1, -1, 1, 1) * factor) + offset;
}
