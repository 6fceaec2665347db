using TorchSharp;
using static TorchSharp.torch;

namespace Onnx.Tests.Operators;

/// <summary>A model of one call.</summary>
internal sealed class OperatorModel : nn.Module<Tensor[], Tensor[]>
{
    private readonly OperatorCase _case;
    private readonly nn.Module? _inner;

    public OperatorModel(OperatorCase operatorCase, ScalarType dtype)
        : base(nameof(OperatorModel))
    {
        _case = operatorCase;
        _inner = operatorCase.Module?.Invoke();
        RegisterComponents();
        if (_inner is not null)
            Zoo.RandomStatistics.Apply(_inner, 3);
        this.to(dtype);
        eval();
    }

    public override Tensor[] forward(Tensor[] input) => _inner is null ? _case.Forward(input) : _case.Call!(_inner, input);
}
