using static TorchSharp.torch;

namespace EndToEnd.Tests.Functional;

/// <summary>A network in two forms with the same parameters: written with functions, and with the modules that stand for them.</summary>
internal abstract class PairedNetwork : nn.Module<Tensor, Tensor>
{
    protected PairedNetwork(string name)
        : base(name) { }

    /// <summary>Which form it is.</summary>
    public bool UsesModules { get; init; }

    public override Tensor forward(Tensor input) => UsesModules ? WithModules(input) : WithFunctions(input);

    protected abstract Tensor WithFunctions(Tensor input);

    protected abstract Tensor WithModules(Tensor input);
}
