using static TorchSharp.torch;

namespace Acceptance.Tests.RandomNetworks;

/// <summary>Writes to a buffer when it is called, and reads what the call before left there.</summary>
internal sealed class BufferBlock : nn.Module<Tensor, Tensor>
{
    public const int Kinds = 5;
    private readonly Tensor state;
    private readonly int _kind;

    public BufferBlock(int channels, int kind)
        : base($"{nameof(BufferBlock)} {kind}")
    {
        _kind = kind;
        state = zeros(1, channels, 1, 1);
        register_buffer("state", state);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor result = _kind switch
        {
            0 or 3 => input - state,
            1 => input * state,
            2 => input * (state + 1),
            _ => input + state.tanh(),
        };
        using Tensor mean = input.mean([0L, 2L, 3L], keepdim: true);
        switch (_kind)
        {
            case 0:
                state.mul_(0.5).add_(mean, 0.5);
                break;
            case 1:
                state.fill_(1);
                break;
            case 2:
                state.add_(1);
                break;
            case 3:
                state.copy_(mean);
                break;
            default:
                using (Tensor alias = state.view(-1))
                    alias.add_(0.5);
                break;
        }
        return result;
    }
}

/// <summary>Keeps a tensor or a number in a field from call to call.</summary>
internal sealed class FieldBlock : nn.Module<Tensor, Tensor>
{
    public const int Kinds = 5;
    private readonly int _kind;
    private readonly List<Tensor> _bank = [];
    private Tensor? _previous;
    private int _calls;

    public FieldBlock(int kind)
        : base($"{nameof(FieldBlock)} {kind}")
    {
        _kind = kind;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        switch (_kind)
        {
            case 0:
                Tensor sum = _previous is null ? input : input + _previous;
                _previous = Mean(sum);
                return sum;
            case 1:
                return _calls++ > 0 ? input.roll(1, 1) : input;
            case 2:
                return input + ++_calls;
            case 3:
                _bank.Add(Mean(input));
                return input - _bank.Aggregate((total, item) => total + item) / _bank.Count;
            default:
                _previous = _previous is null ? Mean(input) : cat([_previous, Mean(input)], 0).DetachFromDisposeScope();
                return input + _previous.mean([0], keepdim: true);
        }
    }

    private static Tensor Mean(Tensor input) => input.mean([0L, 2L, 3L], keepdim: true).DetachFromDisposeScope();
}
