using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SmallModels.Tests.Contract;

/// <summary>A scale for each channel of <c>[N, C, H, W]</c>, as a plugin's library may have it.</summary>
internal sealed class Gate : nn.Module<Tensor, Tensor>
{
    private readonly Parameter scale;
    private readonly Settings? settings;

    public Gate(Tensor scale, Settings? settings = null)
        : base(nameof(Gate))
    {
        this.scale = new Parameter(scale);
        this.settings = settings;
        RegisterComponents();
    }

    public Settings? Made => settings;

    public override Tensor forward(Tensor input) => input * scale.view(1, -1, 1, 1) * (settings?.Factor ?? 1);

    /// <summary>What the framework cannot look into.</summary>
    internal sealed record Settings(double Factor);
}
