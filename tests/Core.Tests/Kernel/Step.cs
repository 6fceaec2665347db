using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Core.Tests.Kernel;

/// <summary>A module that is never run: a test says what its handler does.</summary>
internal sealed class Step : nn.Module<Tensor, Tensor>
{
    public Step(string name, Script script, params IEnumerable<(string Name, Tensor Value)> parameters)
        : base(name)
    {
        Script = script;
        foreach ((string parameter, Tensor value) in parameters)
            register_parameter(parameter, value as Parameter ?? new Parameter(value));
    }

    public Script Script { get; }

    public override Tensor forward(Tensor input) => throw new InvalidOperationException("A step is never run.");
}
