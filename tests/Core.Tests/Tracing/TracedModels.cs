using System.Reflection;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Core.Tests.Tracing;

/// <summary>Models written in the styles that occur in public C# code.</summary>
internal static class TracedModels
{
    /// <summary>Private readonly concrete fields, <c>.forward</c>, in-place functions, a dispose scope, a helper method.</summary>
    public sealed class Residual : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = Conv2d(3, 4, 3, padding: 1);
        private readonly Conv2d conv2 = Conv2d(4, 4, 3, padding: 1);
        private readonly Sequential tail = Sequential(ReLU(), Conv2d(4, 2, 1), Dropout());

        public Residual()
            : base(nameof(Residual)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            Tensor x = Act(conv1.forward(input));
            Tensor y = conv2.call(x);
            y.add_(x).relu_();
            return tail.forward(y).MoveToOuterDisposeScope();
        }

        private Tensor Act(Tensor x) => x.shape[1] == 4 ? functional.relu(x) : x;
    }

    /// <summary>Lambdas that capture and lambdas that do not, LINQ, a module list, a module that is never called.</summary>
    public sealed class Lambdas : Module<Tensor, Tensor>
    {
        private readonly ModuleList<Module<Tensor, Tensor>> layers = new(Linear(4, 4), Linear(4, 4), Linear(4, 4));
        private readonly Linear unused = Linear(4, 4);
        private readonly Func<Tensor, Tensor> activation = x => x.sigmoid();

        public Lambdas()
            : base(nameof(Lambdas)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = layers.Aggregate(input, (value, layer) => layer.forward(value).relu());
            Tensor[] heads = [.. layers.Select(layer => layer.call(x))];
            Tensor Local(Tensor value) => layers[0].forward(value);
            return activation(cat(heads, -1).narrow(-1, 0, 4)) + Local(x);
        }
    }

    /// <summary>A generic container, <c>base.forward</c>, try/finally, two inputs, a tuple result.</summary>
    public sealed class TwoInputs : Module<Tensor, Tensor, (Tensor, Tensor)>
    {
        private readonly Wrapped<Linear> first = new(Linear(4, 5));
        private readonly Wrapped<Linear> second = new Doubled<Linear>(Linear(4, 5));

        public TwoInputs()
            : base(nameof(TwoInputs)) => RegisterComponents();

        public override (Tensor, Tensor) forward(Tensor a, Tensor b)
        {
            try
            {
                return (first.forward(a), second.forward(b));
            }
            finally
            {
                GC.KeepAlive(a);
            }
        }
    }

    internal class Wrapped<T> : Module<Tensor, Tensor>
        where T : Module<Tensor, Tensor>
    {
        protected readonly T inner;

        public Wrapped(T inner)
            : base("Wrapped")
        {
            this.inner = inner;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => inner.forward(input);
    }

    internal sealed class Doubled<T>(T inner) : Wrapped<T>(inner)
        where T : Module<Tensor, Tensor>
    {
        public override Tensor forward(Tensor input) => base.forward(input) * 2;
    }

    /// <summary>In-place modules and functions whose results are used, and a view that an in-place operation changes.</summary>
    public sealed class InPlace : Module<Tensor, Tensor>
    {
        private readonly Linear layer = Linear(4, 4);
        private readonly ReLU relu = ReLU(inplace: true);

        public InPlace()
            : base(nameof(InPlace)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor before = layer.forward(input);
            Tensor view = before.view(-1);
            Tensor after = relu.forward(before);
            after = functional.silu(after, inplace: true).add_(1);
            return after * before * view.view(-1, 4);
        }
    }

    /// <summary>A table whose weight, a new object at each access, is the output layer too.</summary>
    public sealed class TiedTable : Module<Tensor, Tensor>
    {
        private readonly Embedding table = Embedding(6, 4);

        public TiedTable()
            : base(nameof(TiedTable)) => RegisterComponents();

        public override Tensor forward(Tensor input) => functional.linear(table.forward(input), table.weight!);
    }

    /// <summary>A call by reflection makes tensors where no re-emitted body sees it.</summary>
    public sealed class Hidden : Module<Tensor, Tensor>
    {
        private readonly Linear layer = Linear(4, 4);

        public Hidden()
            : base(nameof(Hidden)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor sum = layer.forward(input);
            MethodInfo wave = typeof(Hidden).GetMethod(nameof(Wave), BindingFlags.Static | BindingFlags.NonPublic)!;
            return sum + (Tensor)wave.Invoke(null, [sum])!;
        }

        private static Tensor Wave(Tensor x) => x.sin();
    }

    /// <summary>Modules of <c>Speedup.Modules</c>.</summary>
    public sealed class Functional : Module<Tensor, Tensor>
    {
        private readonly Speedup.Modules.Chunk chunk = new(2, 1);
        private readonly Speedup.Modules.Add add = new();
        private readonly Speedup.Modules.Cat cat = new(1);
        private readonly Speedup.Modules.View view = new(-1, 12);

        public Functional()
            : base(nameof(Functional)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor[] parts = chunk.call(input);
            return view.forward(cat.call([parts[0], add.call(parts[0], parts[1])]));
        }
    }
}
